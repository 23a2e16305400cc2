/// Resizes so that one side has a given length, and keeps the proportions.
protocol MaxSize: Resizing where Drawn == SizeFactor {
  /// Lengths to draw from; empty if `sideLimits` decides.
  var maxSize: [Int] { get set }
  var sideLimits: SideLimits? { get set }

  /// Which of the factors that both sides ask for is taken.
  static func choose(_ first: Double, _ second: Double) -> Double
}

/// Lengths for height and width, of which one may be left open.
package struct SideLimits: Hashable, Sendable {
  package var height: Int?
  package var width: Int?

  package init(height: Int?, width: Int?) { (self.height, self.width) = (height, width) }
}

extension MaxSize {
  package static var defaultProbability: Double { 1 }

  /// Albumentations has no default for the length.
  package static var example: Self {
    var transform = Self()
    transform.maxSize = [256]
    return transform
  }

  package static var parameters: [Parameter<Self>] { [.maxSize, .sideLimits] + Parameter.resizing }

  package func check() throws(ParameterError) {
    guard maxSize.isEmpty == (sideLimits == nil) else { return }
    throw ParameterError("must have either max_size or max_size_hw")
  }

  package func sample(for context: SampleContext, using random: inout RandomStream) -> SizeFactor {
    let (height, width) = (Double(context.shape.height), Double(context.shape.width))
    guard height > 0, width > 0 else { return SizeFactor(scale: 1) }
    var limits = sideLimits ?? SideLimits(height: nil, width: nil)
    if !maxSize.isEmpty {
      let length = maxSize[maxSize.count == 1 ? 0 : random.integer(0...maxSize.count - 1)]
      limits = SideLimits(height: length, width: length)
    }
    let factors = [limits.height.map { Double($0) / height }, limits.width.map { Double($0) / width }]
    let given = factors.compactMap(\.self)
    return SizeFactor(scale: given.count == 2 ? Self.choose(given[0], given[1]) : given.first ?? 1)
  }

  /// No parameter holds a factor; which of several lengths gave it depends on the image.
  package func fixed(at drawn: SizeFactor) -> PipelineNode? { maxSize.count > 1 ? nil : always() }

  package func operation(_ drawn: SizeFactor, for shape: ImageShape) -> Operation {
    resize(shape, to: shape.scaled(by: drawn.scale, .toNearestOrEven), isShrinking: drawn.scale < 1)
  }
}

extension Parameter where Root: MaxSize {
  fileprivate static var maxSize: Parameter {
    Parameter(
      name: "max_size", summary: "length of the side, or a list of lengths to draw from",
      text: { $0.maxSize.isEmpty ? "null" : $0.maxSize.count == 1 ? "\($0.maxSize[0])" : "\($0.maxSize)" }
    ) { value, root throws(ParameterError) in
      if case .null = value.content { return root.maxSize = [] }
      root.maxSize = try value.integerList(in: 1...65_535)
    }
  }

  fileprivate static var sideLimits: Parameter {
    Parameter(
      name: "max_size_hw", summary: "limits of the sides in place of max_size: [height, width], one may be null",
      text: { root in
        func text(_ side: Int?) -> String { side.map { String($0) } ?? "null" }
        return root.sideLimits.map { "[\(text($0.height)), \(text($0.width))]" } ?? "null"
      }
    ) { value, root throws(ParameterError) in
      if case .null = value.content { return root.sideLimits = nil }
      guard case .list(let sides) = value.content, sides.count == 2 else {
        throw ParameterError("must be [height, width] or null, not \(value.description)")
      }
      let limits = SideLimits(height: try Self.side(sides[0]), width: try Self.side(sides[1]))
      guard limits != SideLimits(height: nil, width: nil) else { throw ParameterError("must have a side") }
      root.sideLimits = limits
    }
  }

  private static func side(_ value: ConfigValue) throws(ParameterError) -> Int? {
    if case .null = value.content { return nil }
    return try value.integer(in: 1...65_535)
  }
}
