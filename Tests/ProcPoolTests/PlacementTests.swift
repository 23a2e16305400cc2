import ProcPool
import Testing

/// Two packages of two cores with two threads each, numbered as some machines do: first threads first.
private let machine = (0..<8).map { number in
  Processor(package: number % 4 / 2, core: number % 2, number: number)
}

struct PlacementTests {
  @Test func closeFillsACoreAndThenAPackage() {
    #expect(placed(.close, workers: 8) == [0, 4, 1, 5, 2, 6, 3, 7])
    #expect(placed(.close, workers: 2) == [0, 4])
  }

  @Test func spreadTakesPackagesThenCoresThenThreads() {
    #expect(placed(.spread, workers: 2) == [0, 2])
    #expect(placed(.spread, workers: 4) == [0, 1, 2, 3])
    #expect(Set(placed(.spread, workers: 8)).count == 8)
  }

  @Test(arguments: [Placement.close, .spread])
  func moreWorkersThanProcessorsAreSharedOutEvenly(_ placement: Placement) {
    for workers in [9, 16, 64] {
      let counts = Dictionary(grouping: placed(placement, workers: workers)) { $0 }.values.map(\.count)
      #expect(counts.count == 8)
      #expect(counts.allSatisfy { $0 == workers / 8 || $0 == workers / 8 + 1 })
    }
  }

  @Test func listsAreTakenInTurn() {
    let placement = Placement.processors([[0, 1], [2]])
    #expect(placement.processors(forRank: 3, of: 4, on: machine) == [2])
    #expect(Placement.processors([]).processors(forRank: 0, of: 1, on: machine) == nil)
    #expect(Placement.none.processors(forRank: 0, of: 1, on: machine) == nil)
    #expect(Placement.spread.processors(forRank: 0, of: 1, on: []) == nil)
  }

  private func placed(_ placement: Placement, workers: Int) -> [Int] {
    (0..<workers).flatMap { placement.processors(forRank: $0, of: workers, on: machine) ?? [] }
  }
}
