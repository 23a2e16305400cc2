import Strategies
import Testing

/// The number of ranks that `auto` chooses.
struct RankChoiceTests {
  private func ranks(images: Int, copies: Int, side: Int, cores: Int, effort: Double = 1) -> Int {
    let work = WorkEstimate(images: images, tasks: images * copies, pixels: Double(side * side), effort: effort)
    return RankChoice.auto.ranks(for: work, cores: cores)
  }

  @Test func workThatOneProcessDoesInNoTimeGetsOneRank() {
    #expect(ranks(images: 1, copies: 1, side: 512, cores: 64) == 1)
    #expect(ranks(images: 16, copies: 1, side: 64, cores: 64) == 1)
    #expect(ranks(images: 4, copies: 5, side: 128, cores: 64) == 1)
    #expect(ranks(images: 0, copies: 5, side: 0, cores: 64) == 1)
  }

  @Test func workThatTakesLongerGetsMoreRanks() {
    #expect(ranks(images: 16, copies: 1, side: 512, cores: 2) == 2)
    #expect(ranks(images: 16, copies: 5, side: 256, cores: 2) == 2)
    #expect(ranks(images: 1000, copies: 1, side: 2000, cores: 64) == 64)
    let some = ranks(images: 32, copies: 1, side: 256, cores: 64)
    #expect((2..<32).contains(some))
    #expect(ranks(images: 32, copies: 1, side: 256, cores: 64, effort: 4) > some)
  }

  @Test(arguments: [1, 2, 3, 64, 5000])
  func ranksAreNeverMoreThanTasksOrCores(cores: Int) {
    for images in [1, 2, 7, 100_000] {
      let chosen = ranks(images: images, copies: 2, side: 10_000, cores: cores)
      #expect((1...min(2 * images, cores, RankChoice.most)).contains(chosen))
    }
    #expect(ranks(images: 1 << 40, copies: 1, side: 1 << 30, cores: cores) == min(cores, RankChoice.most))
  }

  @Test func oneTaskOccupiesAllRanksThatShareIt() {
    let work = WorkEstimate(images: 1, tasks: 1, pixels: 1e8)
    #expect(RankChoice.auto.ranks(for: work, cores: 8) == 1)
    #expect(RankChoice.auto.ranks(for: work, cores: 8, isDivided: true) == 8)
  }

  @Test func givenNumberStays() {
    let work = WorkEstimate(images: 1, tasks: 1, pixels: 1)
    #expect(RankChoice.number(64).ranks(for: work, cores: 2) == 64)
  }

  @Test func strategyGetsTheRanksThatItNeeds() {
    for type in StrategyCatalog.all {
      var how = RunDescription.How(strategy: type, ranks: 1)
      how.ranks = RankChoice.leastRanks(of: how)
      #expect(type.refusal(of: how) == nil && how.ranks <= 2, "\(type.name)")
    }
    var how = RunDescription.How(strategy: Savers.self, ranks: 2)
    how.savers = 4
    #expect(RankChoice.leastRanks(of: how) == 5)
    how.strategy = Adaptive.name
    #expect(RankChoice.leastRanks(of: how) == 2, "adaptive takes no savers with any number of ranks")
  }
}
