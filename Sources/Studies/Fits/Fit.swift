/// A scaling law fitted to points by least squares of relative times, and its residuals.
package struct Fit: Hashable, Sendable {
  /// Why there is no fit.
  package enum Failure: Error, Hashable, Sendable {
    /// Too few distinct rank counts above 1: with fewer than `needed`, the fit would pass through all points and
    /// explain nothing.
    case tooFewPoints(Int, needed: Int)
  }

  /// A measured point and the law's value for it.
  package struct Residual: Hashable, Sendable {
    package var point: SpeedupPoint
    /// The speedup by the law.
    package var fitted: Double
    /// (measured − fitted) / fitted speedup.
    package var relative: Double { point.speedup / fitted - 1 }
  }

  package let law: ScalingLaw
  /// In the order of `ScalingLaw.symbols`.
  package let parameters: [Double]
  /// One per point, including those with one rank, which the fit ignores.
  package let residuals: [Residual]

  package init(_ law: ScalingLaw, to points: [SpeedupPoint]) throws(Failure) {
    precondition(points.allSatisfy { $0.ranks >= 1 && $0.speedup > 0 }, "speedups are positive")
    let informative = points.filter { $0.ranks > 1 }
    let needed = law.symbols.count + 1
    let distinct = Set(informative.map(\.ranks)).count
    guard distinct >= needed else { throw .tooFewPoints(distinct, needed: needed) }
    let equations = informative.map { law.equation(of: $0) }
    let parameters = equations.leastSquares(unknowns: law.symbols.count, upperBound: law.upperBound)
    self.law = law
    self.parameters = parameters
    residuals = points.map { point in
      Residual(point: point, fitted: law.speedup(ranks: point.ranks, parameters: parameters))
    }
  }

  /// The share of the speedups' variance that the law explains; negative if the mean explains more.
  package var rSquared: Double {
    let mean = residuals.reduce(0) { $0 + $1.point.speedup } / Double(residuals.count)
    let total = residuals.reduce(0) { $0 + ($1.point.speedup - mean) * ($1.point.speedup - mean) }
    let left = residuals.reduce(0) { $0 + ($1.point.speedup - $1.fitted) * ($1.point.speedup - $1.fitted) }
    return total > 0 ? 1 - left / total : (left > 0 ? -.infinity : 1)
  }

  /// The largest speedup that the law allows and the rank count that reaches it, or `nil` if it has no limit. An
  /// asymptote, such as Amdahl's 1 / s, has no rank count.
  package var ceiling: (speedup: Double, ranks: Int?)? {
    switch law {
    case .amdahl: return parameters[0] > 0 ? (1 / parameters[0], nil) : nil
    case .gustafson: return nil
    case .universal:
      guard parameters[1] > 0 else { return parameters[0] > 0 ? (1 / parameters[0], nil) : nil }
      let peak = max(1, ((1 - parameters[0]) / parameters[1]).squareRoot())
      guard peak.isFinite, peak < 1e6 else { return nil }
      let ranks = [Int(peak), Int(peak) + 1].max {
        law.speedup(ranks: $0, parameters: parameters) < law.speedup(ranks: $1, parameters: parameters)
      }
      return ranks.map { (law.speedup(ranks: $0, parameters: parameters), $0) }
    }
  }
}

/// A law of speedup as a function of the number of ranks.
///
/// Written as relative times, all three are linear in their parameters, so a fit has one solution and needs no starting
/// values.
package enum ScalingLaw: String, CaseIterable, Sendable {
  /// Fixed work with serial share s: S(p) = 1 / (s + (1 − s) / p). Amdahl 1967.
  case amdahl
  /// Fixed work, contention σ and coherence κ: S(p) = p / (1 + σ (p − 1) + κ p (p − 1)). Gunther 1993.
  case universal
  /// Work that grows with the ranks, serial share of time α: S(p) = p − α (p − 1). Gustafson 1988.
  case gustafson

  package var name: String {
    switch self {
    case .amdahl: "Amdahl"
    case .universal: "Universal Scalability Law"
    case .gustafson: "Gustafson"
    }
  }

  /// Symbols of the parameters, in the order of `Fit.parameters`.
  package var symbols: [String] {
    switch self {
    case .amdahl: ["s"]
    case .universal: ["σ", "κ"]
    case .gustafson: ["α"]
    }
  }

  /// Upper bound of each parameter; the lower bound is 0.
  var upperBound: Double { self == .universal ? .infinity : 1 }

  package func speedup(ranks: Int, parameters: [Double]) -> Double {
    let p = Double(ranks)
    switch self {
    case .amdahl: return p / (1 + parameters[0] * (p - 1))
    case .universal: return p / (1 + parameters[0] * (p - 1) + parameters[1] * p * (p - 1))
    case .gustafson: return p - parameters[0] * (p - 1)
    }
  }

  /// The point as an equation `coefficients · parameters = value`, whose error is that of the predicted time
  /// (Gustafson: predicted speedup) relative to the measured one.
  func equation(of point: SpeedupPoint) -> LinearEquation {
    let p = Double(point.ranks)
    let efficiency = point.efficiency
    switch self {
    case .amdahl: return LinearEquation([(p - 1) * efficiency], 1 - efficiency)
    case .universal: return LinearEquation([(p - 1) * efficiency, p * (p - 1) * efficiency], 1 - efficiency)
    case .gustafson: return LinearEquation([(p - 1) / point.speedup], (p - point.speedup) / point.speedup)
    }
  }
}

/// One point of a fit: a rank count and its measured speedup over the baseline.
package struct SpeedupPoint: Hashable, Sendable {
  package var ranks: Int
  /// Baseline time / measured time; in a weak study, work per second / the baseline's work per second.
  package var speedup: Double

  package init(ranks: Int, speedup: Double) { (self.ranks, self.speedup) = (ranks, speedup) }

  package var efficiency: Double { speedup / Double(ranks) }

  /// The serial fraction that would explain this point alone (Karp and Flatt 1990); `nil` for one rank. Negative if the
  /// speedup exceeds the ranks.
  package var serialFraction: Double? {
    guard ranks > 1, speedup > 0 else { return nil }
    return (1 / speedup - 1 / Double(ranks)) / (1 - 1 / Double(ranks))
  }

  /// The speedup that no number of ranks exceeds with this serial fraction, by Amdahl: 1 / (1 − p) with p, the parallel
  /// fraction. `nil` if there is no limit, or no gain that could have one.
  package var ceiling: Double? { serialFraction.flatMap { $0 > 0 && $0 < 1 ? 1 / $0 : nil } }
}

/// One equation `coefficients · unknowns = value` of an overdetermined system.
struct LinearEquation {
  var coefficients: [Double]
  var value: Double

  init(_ coefficients: [Double], _ value: Double) { (self.coefficients, self.value) = (coefficients, value) }

  func error(_ unknowns: [Double]) -> Double {
    zip(coefficients, unknowns).reduce(-value) { $0 + $1.0 * $1.1 }
  }
}

extension [LinearEquation] {
  /// The one or two unknowns, each in 0...upperBound, that minimize the sum of squared errors. The sum is convex, so
  /// the best of the interior solution and the edge solutions is the minimum.
  func leastSquares(unknowns count: Int, upperBound: Double) -> [Double] {
    precondition(count == 1 || count == 2, "no law has more than two parameters")
    let bounded = { (value: Double) in Swift.min(Swift.max(value, 0), upperBound) }
    if count == 1 { return [bounded(alone(0))] }
    let onEdges = [[bounded(alone(0)), 0], [0, bounded(alone(1))]]
    if let inside = pair(), inside.allSatisfy({ $0 >= 0 && $0 <= upperBound }) { return inside }
    return onEdges[0...].min { squares($0) < squares($1) } ?? [0, 0]
  }

  func squares(_ unknowns: [Double]) -> Double { reduce(0) { $0 + $1.error(unknowns) * $1.error(unknowns) } }

  /// The least-squares value of one unknown with the others at 0.
  private func alone(_ index: Int) -> Double {
    let square = reduce(0) { $0 + $1.coefficients[index] * $1.coefficients[index] }
    return square > 0 ? reduce(0) { $0 + $1.coefficients[index] * $1.value } / square : 0
  }

  /// The solution of the normal equations for two unknowns; `nil` if they are nearly singular.
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
