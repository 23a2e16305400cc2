import Datasets
import Testing

struct ShardRangeTests {
  @Test func shardsCoverAllImagesOnceAndDifferByOneAtMost() {
    for (imageCount, count) in [(0, 1), (1, 1), (10, 3), (3, 10), (1000, 7), (100_000_000, 9999)] {
      var (next, sizes) = (0, Set<Int>())
      for shard in 0..<count {
        let images = ShardRange.images(of: shard, among: count, imageCount)
        #expect(images.lowerBound == next)
        next = images.upperBound
        sizes.insert(images.count)
      }
      #expect(next == imageCount)
      #expect(sizes.count <= 2 && (sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }
  }

  @Test func textIsReadAndWritten() {
    for text in ["0/1", "7/100", "40-79/100", "99/100"] { #expect(ShardRange(text: text)?.description == text) }
    #expect(ShardRange(text: "7-7/100")?.description == "7/100")
    let wrong = [
      "", "/", "1", "1/1", "100/100", "-1/5", "3-2/5", "1-/5", "1-2-3/5", "a/5", "1/0", "1/5/6", "1 /5", "+1/5", "٣/5",
      "0/99999999999999999999", "0/10000001",
    ]
    for text in wrong { #expect(ShardRange(text: text) == nil, "\(text)") }
  }

  @Test func neighboursAreOneRange() {
    #expect(ShardRange.ranges(of: [0, 1, 2, 5, 7, 8]).map(ShardRange.text) == ["0-2", "5", "7-8"])
    #expect(ShardRange.ranges(of: []).isEmpty)
  }
}
