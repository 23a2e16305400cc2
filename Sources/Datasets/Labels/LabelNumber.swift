internal import Imaging

/// Numbers of label files, which are hostile input: a value that is no place or size in any image is an error.
enum LabelNumber {
  /// Far beyond the sides of any image that can be decoded, and far from overflowing a whole number.
  static let pixels = -1e6...1e6
  /// A little beyond the image on either side, as some tools write it, but never pixels.
  static let shares = -1.0...2.0

  /// The number that a text is. Decimal only: `Double.init` would also take "nan", "inf" and "0x10".
  static func parse(_ text: some StringProtocol, in limits: ClosedRange<Double>) throws(LabelError.Reason) -> Double {
    guard text.utf8.allSatisfy("0123456789+-.eE".utf8.contains), let number = Double(text) else {
      throw .value("must be a number, not \(quoted(String(text)))")
    }
    return try check(number, in: limits)
  }

  /// `number`, if it is in `limits`.
  @discardableResult
  static func check(_ number: Double, in limits: ClosedRange<Double>) throws(LabelError.Reason) -> Double {
    guard limits.contains(number) else {
      throw .value(
        "must lie between \(format(limits.lowerBound)) and \(format(limits.upperBound)), not \(format(number))")
    }
    return number
  }

  /// A side of a box.
  static func checkSide(_ number: Double) throws(LabelError.Reason) {
    guard number >= 0 else { throw .value("a box of the size \(format(number)) cannot be") }
  }

  /// The corners of an outline from x, y, x, y, …
  static func corners(_ numbers: some Collection<Double>) throws(LabelError.Reason) -> [Vertex] {
    guard numbers.count >= 6, numbers.count.isMultiple(of: 2) else {
      throw .value("must have an x and a y for each of three or more corners, not \(numbers.count) numbers")
    }
    var corners: [Vertex] = []
    corners.reserveCapacity(numbers.count / 2)
    var rest = numbers.makeIterator()
    while let x = rest.next(), let y = rest.next() { corners.append(Vertex(x, y)) }
    return corners
  }
}
