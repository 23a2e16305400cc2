import Studies
import Testing

/// The uncertainty of a fit.
struct BootstrapTests {
  private func bootstrap(spread: Double, repetitions: Int = 5) -> Bootstrap {
    let factors = (0..<repetitions).map { 1 + spread * (Double($0) - Double(repetitions - 1) / 2) }
    let samples = [2, 4, 8].map { ranks in
      let seconds = 100 / ScalingLaw.amdahl.speedup(ranks: ranks, parameters: [0.1])
      return Bootstrap.Sample(ranks: ranks, seconds: factors.map { seconds * $0 })
    }
    return Bootstrap(baseline: factors.map { 100 * $0 }, samples: samples)
  }

  @Test func intervalHoldsTheShareAndGrowsWithTheSpread() throws {
    let narrow = try #require(bootstrap(spread: 0.001).intervals(of: .amdahl)?.first)
    let wide = try #require(bootstrap(spread: 0.01).intervals(of: .amdahl)?.first)
    #expect(narrow.contains(0.1) && wide.contains(0.1))
    #expect(wide.upperBound - wide.lowerBound > 3 * (narrow.upperBound - narrow.lowerBound))
  }

  @Test func sameTimesGiveTheSameInterval() {
    #expect(bootstrap(spread: 0.01).intervals(of: .universal) == bootstrap(spread: 0.01).intervals(of: .universal))
  }

  @Test func oneRepetitionGivesNoInterval() {
    #expect(bootstrap(spread: 0.01, repetitions: 1).intervals(of: .amdahl) == nil)
  }

  @Test func equalTimesGiveAnIntervalOfOnePoint() throws {
    let interval = try #require(bootstrap(spread: 0).intervals(of: .amdahl)?.first)
    #expect(interval.upperBound - interval.lowerBound < 1e-12)
  }
}
