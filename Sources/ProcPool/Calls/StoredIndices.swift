/// For which tasks of a call there is a result.
@usableFromInline
struct StoredIndices {
  private var words: [UInt64]
  private let count: Int

  @usableFromInline
  init(count: Int) {
    self.count = count
    words = Array(repeating: 0, count: (count + 63) / 64)
  }

  /// There is a result for each of these.
  @usableFromInline
  mutating func insert(_ range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound {
      let first = index % 64
      let length = min(64 - first, range.upperBound - index)
      words[index / 64] |= (length == 64 ? .max : (1 << UInt64(length)) - 1) << UInt64(first)
      index += length
    }
  }

  /// The first for which there is none.
  @usableFromInline
  var firstMissing: Int? {
    guard let place = words.firstIndex(where: { $0 != .max }) else { return nil }
    let index = 64 * place + (~words[place]).trailingZeroBitCount
    return index < count ? index : nil
  }
}
