import Datasets
import Testing

struct DistributionTests {
  @Test func medianIsTheMiddleOrTheMeanOfTheTwoMiddleValues() throws {
    let odd = try #require(Distribution([5, 1, 9]))
    #expect((odd.count, odd.minimum, odd.median, odd.mean, odd.maximum) == (3, 1, 5, 5, 9))
    let even = try #require(Distribution([4, 1, 2, 10]))
    #expect(even.median == 3 && even.mean == 4.25)
    #expect(Distribution([]) == nil)
  }

  @Test func aValueOnAnEdgeBelongsToTheBinAboveAndStrayOnesToTheOuterBins() {
    let histogram = Histogram([-5, 0, 9.9, 10, 20, 29, 30, 1e9], edges: [0, 10, 20, 30])
    #expect(histogram.counts == [3, 1, 4])
  }

  @Test func roundBinsCoverAllValues() {
    let sides = Histogram([225, 500, 2000], binsAbout: 10, wholeNumbers: true)
    #expect(sides.edges == Array(stride(from: 200, through: 2200, by: 200)))
    #expect(sides.counts == [1, 1, 0, 0, 0, 0, 0, 0, 0, 1])
    let counts = Histogram([0, 1, 1, 3], binsAbout: 20, fromZero: true, wholeNumbers: true)
    #expect(counts.edges == [0, 1, 2, 3, 4] && counts.counts == [1, 2, 0, 1])
    #expect(Histogram([7], binsAbout: 10, wholeNumbers: true).counts == [1])
    #expect(Histogram([], binsAbout: 10).counts.reduce(0, +) == 0)
  }

  @Test func logarithmicBinsGrowByOneFactor() {
    let histogram = Histogram([0.5, 1, 1.5, 3, 100], logarithmic: 2, from: -1, to: 3, perPower: 2)
    #expect(histogram.edges.count == 9 && histogram.edges.first == 0.5 && histogram.edges.last == 8)
    for (low, high) in zip(histogram.edges, histogram.edges.dropFirst()) {
      #expect(abs(high / low - 2.0.squareRoot()) < 1e-9)
    }
    #expect(histogram.counts == [1, 0, 1, 1, 0, 1, 0, 1])
  }
}
