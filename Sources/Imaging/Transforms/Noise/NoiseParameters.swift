internal import CImaging

/// The ranges from which the parameters of a distribution are drawn, in shares of 255 levels: `noise_params` of
/// `AdditiveNoise`.
package struct NoiseParameters: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case uniform, gaussian, laplace, beta

    /// The keys of a pipeline file, with limits and defaults; the uniform distribution has `ranges` instead.
    fileprivate var keys: [Key] {
      switch self {
      case .uniform: []
      case .gaussian: [Key("mean_range", -1...1, 0...0), Key("std_range", 0...1, 0.05...0.15)]
      case .laplace: [Key("mean_range", -1...1, 0...0), Key("scale_range", 0...1, 0.05...0.15)]
      case .beta:
        [
          Key("alpha_range", 0.01...1000, 0.5...1.5), Key("beta_range", 0.01...1000, 0.5...1.5),
          Key("scale_range", 0...1, 0.1...0.3),
        ]
      }
    }
  }

  fileprivate struct Key {
    let name: String
    let limits, standard: ClosedRange<Double>

    init(_ name: String, _ limits: ClosedRange<Double>, _ standard: ClosedRange<Double>) {
      (self.name, self.limits, self.standard) = (name, limits, standard)
    }
  }

  package let kind: Kind
  /// Of the uniform distribution one for all channels or one per channel; else in the order of the keys.
  package let ranges: [ClosedRange<Double>]

  /// The defaults of Albumentations.
  package init(_ kind: Kind) {
    self.init(kind, kind == .uniform ? [-0.1...0.1] : kind.keys.map(\.standard))
  }

  package init(_ kind: Kind, _ ranges: [ClosedRange<Double>]) { (self.kind, self.ranges) = (kind, ranges) }
}

extension NoiseParameters {
  /// The parameters of one image; the uniform distribution keeps its range.
  func sample(using random: inout RandomStream) -> [Double] {
    kind == .uniform ? [] : ranges.map { random.uniform($0) }
  }

  /// A number for each channel; fewer if there are not enough ranges.
  func constants(_ count: Int, using random: inout RandomStream) -> [Double] {
    if kind == .uniform {
      let ranges = ranges.count == 1 ? Array(repeating: ranges[0], count: count) : Array(ranges.prefix(count))
      return ranges.map { random.uniform($0) }
    }
    let drawn = sample(using: &random)
    return (0..<count).map { _ in
      switch kind {
      case .uniform: 0
      case .gaussian: drawn[0] + random.normal(standardDeviation: drawn[1])
      case .laplace: drawn[0] + drawn[1] * random.laplace()
      case .beta: drawn[2] * (2 * cimaging_beta_quantile(drawn[0], drawn[1], random.uniform()) - 1)
      }
    }
  }

  /// Numbers of an image in levels, with the parameters that `sample` has drawn.
  func whiteNoise(_ drawn: [Double], seed: UInt64) -> WhiteNoise {
    if kind == .uniform {
      let range = ranges[0]
      return .uniform(range.lowerBound * 255...range.upperBound * 255, seed: seed)
    }
    guard drawn.count == ranges.count else { return .uniform(0...0, seed: seed) }
    let (distribution, offset, scale): (WhiteNoise.Distribution, Double, Double) =
      switch kind {
      case .uniform, .gaussian: (.normal, drawn[0], drawn[1])
      case .laplace: (.laplace, drawn[0], drawn[1])
      case .beta: (.quantiles(Self.betaQuantiles(drawn)), 0, drawn[2])
      }
    return WhiteNoise(seed: seed, distribution: distribution, offset: offset * 255, scale: scale * 255)
  }

  private static let quantileCount = 4097

  /// Of twice a beta number less 1.
  private static func betaQuantiles(_ drawn: [Double]) -> [Float] {
    var quantiles = [Float](repeating: 0, count: quantileCount)
    unsafe cimaging_beta_quantiles(drawn[0], drawn[1], &quantiles, Int32(quantileCount))
    return quantiles.map { 2 * $0 - 1 }
  }
}

extension RandomStream {
  /// With mean 0 and scale 1.
  fileprivate mutating func laplace() -> Double {
    let number = uniform(-1...1)
    let size = -logarithm(max(1 - abs(number), 0x1p-60))
    return number < 0 ? -size : size
  }
}

extension Parameter {
  /// An object with the ranges of the distribution that another parameter, which is read before, names; or null.
  static func noiseParameters(
    _ name: String, _ path: Field<NoiseParameters?>, of kind: Field<NoiseParameters.Kind>
  ) -> Parameter {
    Parameter(
      name: name,
      summary: "ranges in shares of 255 levels: ranges; mean_range and std_range or scale_range; alpha_range, "
        + "beta_range and scale_range", text: { $0[keyPath: path]?.text ?? "null" }
    ) { value, root throws(ParameterError) in
      let read = try NoiseParameters(value, root[keyPath: kind])
      // What Albumentations writes for null.
      root[keyPath: path] = read == NoiseParameters(root[keyPath: kind]) ? nil : read
    }
  }
}

extension NoiseParameters {
  fileprivate var text: String {
    let lists = ranges.map { format($0) }
    let entries =
      kind == .uniform
      ? ["\"ranges\": [\(lists.joined(separator: ", "))]"]
      : zip(kind.keys, lists).map { "\"\($0.name)\": \($1)" }
    return "{\"noise_type\": \"\(kind.rawValue)\", \(entries.joined(separator: ", "))}"
  }

  fileprivate init?(_ value: ConfigValue, _ kind: Kind) throws(ParameterError) {
    if case .null = value.content { return nil }
    guard case .object(let entries) = value.content else {
      throw ParameterError("must be an object or null, not \(value.description)")
    }
    let names = ["noise_type"] + (kind == .uniform ? ["ranges"] : kind.keys.map(\.name))
    if let unknown = entries.first(where: { !names.contains($0.key) }) {
      throw ParameterError("has an unknown key \(quoted(unknown.key))")
    }
    func entry(_ name: String) throws(ParameterError) -> ConfigValue {
      guard let entry = entries.first(where: { $0.key == name }) else { throw ParameterError("lacks \(name)") }
      return entry.value
    }
    if kind == .uniform {
      self.init(kind, try Self.uniformRanges(entry("ranges")))
    } else {
      var ranges: [ClosedRange<Double>] = []
      for key in kind.keys { ranges.append(try entry(key.name).range(in: key.limits, lowest: nil)) }
      self.init(kind, ranges)
    }
  }

  private static func uniformRanges(_ value: ConfigValue) throws(ParameterError) -> [ClosedRange<Double>] {
    guard case .list(let list) = value.content, (1...3).contains(list.count) else {
      throw ParameterError("has ranges that are no list of one to three")
    }
    var ranges: [ClosedRange<Double>] = []
    for range in list { ranges.append(try range.range(in: -1...1, lowest: nil)) }
    return ranges
  }
}
