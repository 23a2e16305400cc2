/// Shards of a plan, one behind the other. A shard is a run of consecutive images: neighbours lie in the same folders,
/// and in the same segment of the listing.
package struct ShardRange: Hashable, Sendable {
  /// Numbers from 0.
  package let shards: ClosedRange<Int>
  /// How many shards the plan has.
  package let count: Int

  /// Far more than anyone needs, and few enough for all products with numbers of images.
  package static let mostShards = 10_000_000

  package init?(_ shards: ClosedRange<Int>, of count: Int) {
    guard (1...Self.mostShards).contains(count), shards.lowerBound >= 0, shards.upperBound < count else { return nil }
    (self.shards, self.count) = (shards, count)
  }

  /// All shards of a plan.
  package init?(all count: Int) {
    guard count >= 1 else { return nil }
    self.init(0...count - 1, of: count)
  }

  /// Reads a `description`.
  package init?(text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = Self.number(parts[1]) else { return nil }
    let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map(Self.number)
    guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else { return nil }
    self.init(first...last, of: count)
  }

  /// Digits alone.
  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
  }

  /// The images of the shards, of as many as the plan has.
  package func images(of imageCount: Int) -> Range<Int> {
    Self.images(of: shards.lowerBound, among: count, imageCount)
      .lowerBound..<Self.images(of: shards.upperBound, among: count, imageCount).upperBound
  }

  /// The images of one shard. Shards differ by one image at most.
  package static func images(of shard: Int, among count: Int, _ imageCount: Int) -> Range<Int> {
    shard * imageCount / count..<(shard + 1) * imageCount / count
  }
}

extension ShardRange: CustomStringConvertible {
  /// "7/100" or "40-79/100".
  package var description: String { "\(Self.text(of: shards))/\(count)" }

  /// "7" or "40-79".
  package static func text(of shards: ClosedRange<Int>) -> String {
    shards.count == 1 ? "\(shards.lowerBound)" : "\(shards.lowerBound)-\(shards.upperBound)"
  }

  /// The fewest ranges that hold these numbers, which ascend.
  package static func ranges(of shards: some Sequence<Int>) -> [ClosedRange<Int>] {
    shards.reduce(into: []) { ranges, shard in
      if let last = ranges.last, last.upperBound + 1 == shard {
        ranges[ranges.count - 1] = last.lowerBound...shard
      } else {
        ranges.append(shard...shard)
      }
    }
  }
}
