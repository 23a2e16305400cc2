extension TensorOptions {
  /// The classes that it is read from.
  static let classes: Set<String> = ["Normalize", "ToFloat", "FromFloat", "ToTensorV2", "ToTensor"]

  /// The byte that stands for a value after this, in a channel.
  func byte(of value: Double, channel: Int) -> Double {
    guard let normalization else { return nearest(value * (divisor ?? 1)) }
    let (mean, std) = (normalization.mean, normalization.std)
    switch normalization.method {
    case .standard:
      let share = value * std[min(channel, std.count - 1)] + mean[min(channel, mean.count - 1)]
      return nearest(share * normalization.maxPixelValue * (divisor ?? 1))
    case .minMax, .minMaxPerChannel: return nearest(value * 255)
    // The mean of an image is not known beforehand.
    case .image, .imagePerChannel: return nearest(128 + value * 64)
    }
  }

  private func nearest(_ byte: Double) -> Double { min(255, max(0, byte.rounded())) }

  /// The classes of Albumentations that do it, one a line.
  var serialized: [String] {
    var nodes: [String] = []
    if let divisor {
      nodes.append("{\"__class_fullname__\": \"ToFloat\", \"p\": 1, \"max_value\": \(format(divisor))}")
    }
    if let normalization { nodes.append(normalization.serialized) }
    if isChannelsFirst { nodes.append("{\"__class_fullname__\": \"ToTensorV2\", \"p\": 1}") }
    return nodes
  }
}

extension Normalization {
  fileprivate var serialized: String {
    let lists = [mean, std].map { "[\($0.map { format($0) }.joined(separator: ", "))]" }
    return "{\"__class_fullname__\": \"Normalize\", \"p\": 1, \"mean\": \(lists[0]), \"std\": \(lists[1]), "
      + "\"max_pixel_value\": \(format(maxPixelValue)), \"normalization\": \"\(method.rawValue)\"}"
  }

  mutating func read(_ fields: inout ConfigFields) throws(PipelineError) {
    mean = try fields.take("mean", Self.channels) ?? mean
    std = try fields.take("std", Self.channels) ?? std
    maxPixelValue =
      try fields.take("max_pixel_value") { value throws(ParameterError) in
        if case .null = value.content { return 255 }
        return try value.number(in: 1e-6...1e9)
      } ?? maxPixelValue
    method = try fields.take("normalization") { value throws(ParameterError) in try value.choice() } ?? method
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
