/// Divides the image into cells, and overwrites a rectangle in each. Grey and colour.
///
/// Source: Albumentations `GridDropout`. `holes_number_xy` counts rows first, as there. A range of one size for
/// `unit_size_range`, on which it fails, gives that size.
package struct GridDropout: HoleDropout {
  package struct Drawn: Codable, Sendable {
    /// Heights of the rows of cells, from the upper one.
    package var rows: [Int]
    /// Widths of the columns of cells, from the left.
    package var columns: [Int]
    /// Seeds the places in the cells, and a random fill.
    package var seed: UInt64

    package init(rows: [Int], columns: [Int], seed: UInt64) {
      (self.rows, self.columns, self.seed) = (rows, columns, seed)
    }
  }

  package static let summary = "Divides the image into cells, and overwrites a rectangle in each."
  package static let differences = ["a range of one size for unit_size_range, on which it fails, gives that size"]
  package static let parameters: [Parameter<GridDropout>] =
    [
      .number("ratio", \.ratio, in: 0.0001...1, "sides of a hole as a share of its cell's"),
      .flag("random_offset", \.randomOffset, "whether holes lie at random places in their cells"),
      .optionalPair(
        "unit_size_range", \.unitSizeRange, in: 2...65_535,
        "side of a cell in pixels, from the first number to below the second; or null"),
      .optionalPair("holes_number_xy", \.holesNumberXY, in: 1...10_000, "numbers of rows and columns, or null"),
      .pair("shift_xy", \.shiftXY, in: 0...65_535, "place of a hole in its cell if it is not random, in pixels"),
    ] + Parameter.holeFills

  package var ratio = 0.5
  package var randomOffset = true
  package var unitSizeRange: SIMD2<Int>?
  package var holesNumberXY: SIMD2<Int>?
  package var shiftXY = SIMD2(0, 0)
  package var fill = HoleFill.levels([0])
  package var fillMask: [Double]?

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    guard context.shape.byteCount > 0, reason(against: context.shape) == nil else {
      return Drawn(rows: [], columns: [], seed: 0)
    }
    let counts = counts(context.shape, using: &random)
    let rows = Self.shuffled(context.shape.height, in: counts.rows, using: &random)
    let columns = Self.shuffled(context.shape.width, in: counts.columns, using: &random)
    return Drawn(rows: rows, columns: columns, seed: random.next())
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    if let reason = reason(against: shape) { return .inapplicable(reason) }
    return operation(Holes(holes(drawn, in: shape), seed: drawn.seed), in: shape)
  }

  /// Numbers of rows and columns of cells.
  private func counts(_ shape: ImageShape, using random: inout RandomStream) -> (rows: Int, columns: Int) {
    if let number = holesNumberXY { return (number.x, number.y) }
    if let range = unitSizeRange {
      let side = random.integer(range.x...max(range.x, range.y - 1))
      return (shape.height / side, shape.width / side)
    }
    return (shape.height / max(2, shape.height / 10), shape.width / max(2, shape.width / 10))
  }

  /// Almost equal parts of a side, in random order.
  private static func shuffled(_ length: Int, in count: Int, using random: inout RandomStream) -> [Int] {
    let parts = (0..<count).map { length / count + ($0 < length % count ? 1 : 0) }
    return random.permutation(count).map { parts[$0] }
  }

  /// The holes of each row from left to right.
  package func holes(_ drawn: Drawn, in shape: ImageShape) -> [Rectangle] {
    var random = RandomStream(seed: drawn.seed)
    var holes: [Rectangle] = []
    var top = 0
    for height in drawn.rows {
      var left = 0
      for width in drawn.columns {
        let hole = (width: holeSide(width), height: holeSide(height))
        let y = offset(shiftXY.y, height - hole.height, using: &random)
        let x = offset(shiftXY.x, width - hole.width, using: &random)
        holes.append(
          Rectangle(
            x: min(left + x, shape.width - hole.width), y: min(top + y, shape.height - hole.height),
            width: hole.width, height: hole.height))
        left += width
      }
      top += height
    }
    return holes
  }

  private func holeSide(_ cell: Int) -> Int { Int(min(max(Double(cell) * ratio, 1), Double(cell - 1))) }

  private func offset(_ shift: Int, _ most: Int, using random: inout RandomStream) -> Int {
    randomOffset ? random.integer(0...max(0, most)) : shift
  }

  /// Why the grid does not suit images of this shape.
  private func reason(against shape: ImageShape) -> String? {
    if shape.byteCount == 0 { return nil }
    if let number = holesNumberXY {
      return number.x > shape.height || number.y > shape.width ? "holes_number_xy has more cells than pixels" : nil
    }
    let shorter = min(shape.width, shape.height)
    if let range = unitSizeRange, max(range.x, range.y) > shorter {
      return "unit_size_range reaches beyond the shorter side"
    }
    return shorter < 2 ? "it is too small for cells of two pixels" : nil
  }
}

extension Parameter {
  /// Two whole numbers in `limits`.
  fileprivate static func pair(
    _ name: String, _ path: Field<SIMD2<Int>>, in limits: ClosedRange<Int>, _ summary: String
  ) -> Parameter {
    Parameter(name: name, summary: summary, text: { format($0[keyPath: path]) }) { value, root throws(ParameterError) in
      root[keyPath: path] = try value.pair(in: limits)
    }
  }

  /// Two whole numbers in `limits`, or null.
  fileprivate static func optionalPair(
    _ name: String, _ path: Field<SIMD2<Int>?>, in limits: ClosedRange<Int>, _ summary: String
  ) -> Parameter {
    Parameter(name: name, summary: summary, text: { $0[keyPath: path].map { format($0) } ?? "null" }) {
      value, root throws(ParameterError) in
      if case .null = value.content { return root[keyPath: path] = nil }
      root[keyPath: path] = try value.pair(in: limits)
    }
  }
}

private func format(_ pair: SIMD2<Int>) -> String { "[\(pair.x), \(pair.y)]" }

extension ConfigValue {
  fileprivate func pair(in limits: ClosedRange<Int>) throws(ParameterError) -> SIMD2<Int> {
    guard case .list(let values) = content, values.count == 2 else {
      throw ParameterError("must be two whole numbers, not \(description)")
    }
    return SIMD2(try values[0].integer(in: limits), try values[1].integer(in: limits))
  }
}
