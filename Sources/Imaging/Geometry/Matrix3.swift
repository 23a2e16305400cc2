/// A map of points: three rows of three, with which (x, y, 1) becomes (x, y, 1) times a depth.
public struct Matrix3: Hashable, Codable, Sendable {
  /// Row by row.
  public let values: [Double]

  /// The matrix of nine numbers, row by row.
  public init(_ values: [Double]) {
    precondition(values.count == 9, "three rows of three")
    self.values = values
  }

  /// Nothing moves.
  public static let identity = Matrix3([1, 0, 0, 0, 1, 0, 0, 0, 1])

  /// Moves by `x` to the right and by `y` down.
  public static func translation(_ x: Double, _ y: Double) -> Matrix3 { Matrix3([1, 0, x, 0, 1, y, 0, 0, 1]) }

  /// Stretches about (0, 0).
  public static func scale(_ x: Double, _ y: Double) -> Matrix3 { Matrix3([x, 0, 0, 0, y, 0, 0, 0, 1]) }

  /// First `second`, then `first`.
  public static func * (first: Matrix3, second: Matrix3) -> Matrix3 {
    Matrix3(
      (0..<9).map { place in
        let (row, column) = place.quotientAndRemainder(dividingBy: 3)
        return (0..<3).reduce(0.0) { $0 + first.values[3 * row + $1] * second.values[3 * $1 + column] }
      })
  }

  /// The way back; `nil` where points fall together.
  public var inverse: Matrix3? {
    func minor(_ row: Int, _ column: Int) -> Double {
      let (r, s) = ((row + 1) % 3 * 3, (row + 2) % 3 * 3)
      let (c, d) = ((column + 1) % 3, (column + 2) % 3)
      return values[r + c] * values[s + d] - values[r + d] * values[s + c]
    }
    let determinant = (0..<3).reduce(0.0) { $0 + values[$1] * minor(0, $1) }
    guard determinant != 0, determinant.isFinite else { return nil }
    return Matrix3((0..<9).map { minor($0 % 3, $0 / 3) / determinant })
  }

  /// What the coordinates of a point are divided by; 0 on the horizon.
  func depth(of point: Point) -> Double { values[6] * point.x + values[7] * point.y + values[8] }

  /// Where a point goes; (0, 0) from the horizon, as OpenCV has it.
  public func apply(_ point: Point) -> Point {
    let depth = depth(of: point)
    let scale = abs(depth) > 1e-15 ? 1 / depth : 0
    return Point(
      (values[0] * point.x + values[1] * point.y + values[2]) * scale,
      (values[3] * point.x + values[4] * point.y + values[5]) * scale)
  }
}
