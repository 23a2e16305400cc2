/// One equation, `coefficients · unknowns = value`, of more than can all hold.
struct LinearEquation {
  var coefficients: [Double]
  var value: Double

  init(_ coefficients: [Double], _ value: Double) { (self.coefficients, self.value) = (coefficients, value) }

  func error(_ unknowns: [Double]) -> Double {
    zip(coefficients, unknowns).reduce(-value) { $0 + $1.0 * $1.1 }
  }
}

extension [LinearEquation] {
  /// The one or two unknowns, each in 0...upperBound, with the least sum of squared errors. As the sum is convex, the
  /// best of the solutions inside and on each edge is the solution.
  func leastSquares(unknowns count: Int, upperBound: Double) -> [Double] {
    precondition(count == 1 || count == 2, "no law has more than two parameters")
    let bounded = { (value: Double) in Swift.min(Swift.max(value, 0), upperBound) }
    if count == 1 { return [bounded(alone(0))] }
    let onEdges = [[bounded(alone(0)), 0], [0, bounded(alone(1))]]
    if let inside = pair(), inside.allSatisfy({ $0 >= 0 && $0 <= upperBound }) { return inside }
    return onEdges[0...].min { squares($0) < squares($1) } ?? [0, 0]
  }

  func squares(_ unknowns: [Double]) -> Double { reduce(0) { $0 + $1.error(unknowns) * $1.error(unknowns) } }

  /// The best value of one unknown where the others are 0.
  private func alone(_ index: Int) -> Double {
    let square = reduce(0) { $0 + $1.coefficients[index] * $1.coefficients[index] }
    return square > 0 ? reduce(0) { $0 + $1.coefficients[index] * $1.value } / square : 0
  }

  /// The solution of the normal equations of two unknowns; `nil` where the equations do not tell them apart.
  private func pair() -> [Double]? {
    var (aa, ab, bb, av, bv) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for equation in self {
      let (a, b, value) = (equation.coefficients[0], equation.coefficients[1], equation.value)
      (aa, ab, bb, av, bv) = (aa + a * a, ab + a * b, bb + b * b, av + a * value, bv + b * value)
    }
    let determinant = aa * bb - ab * ab
    guard determinant > 1e-12 * aa * bb else { return nil }
    return [(av * bb - bv * ab) / determinant, (bv * aa - av * ab) / determinant]
  }
}
