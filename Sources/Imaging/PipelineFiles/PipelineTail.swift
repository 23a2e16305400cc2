/// What the end of a training pipeline makes of bytes: `Normalize`, `ToFloat` and `ToTensorV2`. Files of bytes cannot
/// hold it.
package struct PipelineTail: Hashable, Sendable {
  package struct Normalization: Hashable, Sendable {
    /// By channel, or one for all; in shares of `maxPixelValue`. Of the method "standard" alone.
    package var mean = [0.485, 0.456, 0.406]
    package var std = [0.229, 0.224, 0.225]
    package var maxPixelValue = 255.0
    /// standard, image, image_per_channel, min_max or min_max_per_channel.
    package var method = "standard"
  }

  package var normalization: Normalization?
  /// What bytes are divided by, if they are not normalised: the `max_value` of `ToFloat`.
  package var divisor: Double?
  /// Whether the channels come first.
  package var isTensor = false

  static let classes: Set<String> = ["Normalize", "ToFloat", "FromFloat", "ToTensorV2", "ToTensor"]

  /// The byte that stands for a value after this, in a channel.
  func byte(of value: Double, channel: Int) -> Double {
    guard let normalization else { return nearest(value * (divisor ?? 1)) }
    let (mean, std) = (normalization.mean, normalization.std)
    switch normalization.method {
    case "standard":
      let share = value * std[min(channel, std.count - 1)] + mean[min(channel, mean.count - 1)]
      return nearest(share * normalization.maxPixelValue)
    case "min_max", "min_max_per_channel": return nearest(value * 255)
    default: return nearest(128 + value * 64)  // the mean of an image is not known beforehand
    }
  }

  private func nearest(_ byte: Double) -> Double { min(255, max(0, byte.rounded())) }

  /// Whether values are bytes no more, so that a level means something else.
  var changesValues: Bool { normalization != nil || divisor != nil }

  /// The classes of Albumentations that do it, one a line.
  var serialized: [String] {
    var nodes: [String] = []
    if let divisor {
      nodes.append("{\"__class_fullname__\": \"ToFloat\", \"p\": 1, \"max_value\": \(format(divisor))}")
    }
    if let normalization { nodes.append(normalization.serialized) }
    if isTensor { nodes.append("{\"__class_fullname__\": \"ToTensorV2\", \"p\": 1}") }
    return nodes
  }
}

extension PipelineTail.Normalization {
  static let methods = ["standard", "image", "image_per_channel", "min_max", "min_max_per_channel"]

  fileprivate var serialized: String {
    let lists = [mean, std].map { "[\($0.map { format($0) }.joined(separator: ", "))]" }
    return "{\"__class_fullname__\": \"Normalize\", \"p\": 1, \"mean\": \(lists[0]), \"std\": \(lists[1]), "
      + "\"max_pixel_value\": \(format(maxPixelValue)), \"normalization\": \"\(method)\"}"
  }

  mutating func read(_ fields: inout ConfigFields) throws(PipelineError) {
    mean = try fields.take("mean", Self.channels) ?? mean
    std = try fields.take("std", Self.channels) ?? std
    maxPixelValue =
      try fields.take("max_pixel_value") { value throws(ParameterError) in
        if case .null = value.content { return 255 }
        return try value.number(in: 1e-6...1e9)
      } ?? maxPixelValue
    method =
      try fields.take("normalization") { value throws(ParameterError) in
        guard case .text(let name) = value.content, Self.methods.contains(name) else {
          throw ParameterError("must be \(Self.methods.joined(separator: ", ")), not \(value.description)")
        }
        return name
      } ?? method
  }

  /// A number, or one for each of at most 16 channels; null where the method needs none.
  private static func channels(_ value: ConfigValue) throws(ParameterError) -> [Double] {
    if case .null = value.content { return [0] }
    guard case .list(let values) = value.content else { return [try value.number(in: .anyNumber)] }
    guard (1...16).contains(values.count) else { throw ParameterError("must be a number for each channel") }
    var numbers: [Double] = []
    for value in values { numbers.append(try value.number(in: .anyNumber)) }
    return numbers
  }
}
