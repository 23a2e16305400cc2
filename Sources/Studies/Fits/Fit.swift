/// A law, fitted to points by least squares of relative times, with what it leaves unexplained.
public struct Fit: Hashable, Sendable {
  /// Why there is no fit.
  public enum Failure: Error, Hashable, Sendable {
    /// So many points with more than one rank where `needed` are, or the fit would go through all of them and explain
    /// nothing.
    case tooFewPoints(Int, needed: Int)
  }

  /// A point beside what the law says of it.
  public struct Residual: Hashable, Sendable {
    /// As measured.
    public var point: SpeedupPoint
    /// As the law has it.
    public var fitted: Double
    /// Measured minus fitted speedup, over the fitted one.
    public var relative: Double { point.speedup / fitted - 1 }
  }

  /// The law.
  public let law: ScalingLaw
  /// Its parameters, in the order of the law's symbols.
  public let parameters: [Double]
  /// Every point that it was fitted to.
  public let residuals: [Residual]

  /// Fits a law.
  public init(_ law: ScalingLaw, to points: [SpeedupPoint]) throws(Failure) {
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

  /// The share of the speedups' variance that the law explains; negative where the mean would explain more.
  public var rSquared: Double {
    let mean = residuals.reduce(0) { $0 + $1.point.speedup } / Double(residuals.count)
    let total = residuals.reduce(0) { $0 + ($1.point.speedup - mean) * ($1.point.speedup - mean) }
    let left = residuals.reduce(0) { $0 + ($1.point.speedup - $1.fitted) * ($1.point.speedup - $1.fitted) }
    return total > 0 ? 1 - left / total : (left > 0 ? -.infinity : 1)
  }

  /// The largest speedup that the law allows, and the ranks that reach it; `nil` where there is no limit. Amdahl's is
  /// approached and never reached.
  public var ceiling: (speedup: Double, ranks: Int?)? {
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
