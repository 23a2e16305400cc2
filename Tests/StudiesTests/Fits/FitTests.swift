import Studies
import Testing

/// Fits to points computed from the laws themselves.
struct FitTests {
  private let ranks = [1, 2, 4, 8, 16, 32, 64]

  private func points(_ law: ScalingLaw, _ parameters: [Double]) -> [SpeedupPoint] {
    ranks.map { SpeedupPoint(ranks: $0, speedup: law.speedup(ranks: $0, parameters: parameters)) }
  }

  private func expectFound(_ law: ScalingLaw, _ parameters: [Double]) throws {
    let fit = try Fit(law, to: points(law, parameters))
    for (found, made) in zip(fit.parameters, parameters) {
      #expect((found - made).magnitude < 1e-9, "\(law) \(parameters) gave \(fit.parameters)")
    }
    #expect(fit.residuals.allSatisfy { $0.relative.magnitude < 1e-9 })
    #expect(fit.residuals.count == ranks.count)
    #expect(fit.rSquared > 1 - 1e-9)
  }

  @Test(arguments: [0, 0.001, 0.05, 0.177, 0.5, 0.999])
  func amdahlFindsTheSerialShareThatMadeThePoints(share: Double) throws { try expectFound(.amdahl, [share]) }

  @Test(arguments: [0, 0.01, 0.3, 0.9])
  func gustafsonFindsTheSerialShareThatMadeThePoints(share: Double) throws { try expectFound(.gustafson, [share]) }

  @Test(arguments: [0, 0.02, 0.4], [0, 0.0001, 0.01])
  func universalLawFindsContentionAndCoherenceThatMadeThePoints(contention: Double, coherence: Double) throws {
    try expectFound(.universal, [contention, coherence])
  }

  @Test func superlinearPointsGiveTheBoundAndTheirResiduals() throws {
    let points = ranks.map { SpeedupPoint(ranks: $0, speedup: Double($0) * 1.2) }
    for law in ScalingLaw.allCases {
      let fit = try Fit(law, to: points)
      #expect(fit.parameters.allSatisfy { $0 == 0 }, "\(law)")
      #expect(fit.residuals.allSatisfy { ($0.relative - 0.2).magnitude < 1e-9 }, "\(law)")
    }
  }

  /// Points that no parameters within the bounds fit exactly: no step away from the solution may be better.
  @Test func noNeighbourOfTheSolutionIsBetter() throws {
    let points = zip(ranks, [1, 1.9, 3.1, 4.0, 5.5, 4.1, 3.9]).map { SpeedupPoint(ranks: $0, speedup: $1) }
    for law in ScalingLaw.allCases {
      let fit = try Fit(law, to: points)
      let best = error(law, points, fit.parameters)
      for index in fit.parameters.indices {
        for step in [-0.02, -0.001, 0.001, 0.02] {
          var other = fit.parameters
          other[index] = max(0, other[index] + step * max(0.01, other[index]))
          #expect(error(law, points, other) >= best - 1e-12, "\(law) at \(other)")
        }
      }
    }
  }

  private func error(_ law: ScalingLaw, _ points: [SpeedupPoint], _ parameters: [Double]) -> Double {
    points.reduce(0) { sum, point in
      let ratio = law.speedup(ranks: point.ranks, parameters: parameters) / point.speedup
      let error = law == .gustafson ? ratio - 1 : 1 / ratio - 1
      return sum + error * error
    }
  }

  @Test(arguments: [(ScalingLaw.amdahl, 2), (.gustafson, 2), (.universal, 3)])
  func tooFewPointsAreSaidAndNotFitted(law: ScalingLaw, needed: Int) throws {
    for count in 0..<needed {
      // The baseline and repeated ranks do not count as points.
      let points = ranks.prefix(count + 1).map { SpeedupPoint(ranks: $0, speedup: 1) }
      #expect(throws: Fit.Failure.tooFewPoints(count, needed: needed)) { try Fit(law, to: points + points) }
    }
    #expect(throws: Never.self) {
      try Fit(law, to: ranks.prefix(needed + 1).map { SpeedupPoint(ranks: $0, speedup: 1) })
    }
  }

  @Test func ceilingIsWhereTheLawHasIt() throws {
    let amdahl = try Fit(.amdahl, to: points(.amdahl, [0.1]))
    #expect((try #require(amdahl.ceiling).speedup - 10).magnitude < 1e-6)
    #expect(try Fit(.amdahl, to: points(.amdahl, [0])).ceiling == nil)
    // The peak is at √((1 − 0.1) / 0.009) = 10 ranks.
    let universal = try #require(try Fit(.universal, to: points(.universal, [0.1, 0.009])).ceiling)
    #expect(universal.ranks == 10)
    #expect((universal.speedup - 10 / (1 + 0.9 + 0.009 * 90)).magnitude < 1e-6)
  }

  @Test func serialFractionOfOnePointIsThatOfAmdahl() {
    for point in points(.amdahl, [0.07]) where point.ranks > 1 {
      #expect((point.serialFraction ?? .nan) - 0.07 < 1e-12)
    }
    #expect(SpeedupPoint(ranks: 1, speedup: 1).serialFraction == nil)
    // The third original study: 4.52 times as fast with 8 workers, so 11 % are serial and 9.1 times is the limit.
    let study = SpeedupPoint(ranks: 8, speedup: 4.52)
    #expect(((study.serialFraction ?? .nan) - 0.110).magnitude < 0.0005)
    #expect(((study.ceiling ?? .nan) - 9.1).magnitude < 0.05)
    #expect(SpeedupPoint(ranks: 2, speedup: 2).ceiling == nil && SpeedupPoint(ranks: 2, speedup: 2.1).ceiling == nil)
    #expect(SpeedupPoint(ranks: 2, speedup: 0.9).ceiling == nil)
  }
}
