/// Numbers of ranks as they are asked for: "1,2,3", "1..64" (doubling), "1..8+1" (in steps), or several of these with
/// commas between them. Both ends of a range are always among its numbers.
public struct RankList: Hashable, Sendable {
  /// Why a text is no such list; a sentence fragment.
  public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
    /// For people.
    public let description: String
  }

  /// More would be a slip of the finger.
  public static let limits = 1...1024

  /// In the order in which they were named, each once.
  public let ranks: [Int]

  /// Reads a list.
  public init(_ text: String) throws(Invalid) {
    guard !text.isEmpty else { throw Invalid(description: "no ranks are named") }
    var ranks: [Int] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      for rank in try Self.numbers(item) {
        guard !ranks.contains(rank) else { throw Invalid(description: "\(rank) is named twice") }
        ranks.append(rank)
      }
    }
    self.ranks = ranks
  }

  private static func numbers(_ item: Substring) throws(Invalid) -> [Int] {
    guard let dots = item.firstDots else { return [try number(item, in: item)] }
    let first = try number(item[..<dots.lowerBound], in: item)
    let rest = item[dots.upperBound...].split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    let last = try number(rest[0], in: item)
    guard first <= last else {
      throw Invalid(description: "\(item) goes down; write \(last)..\(first)")
    }
    let step = rest.count == 2 ? try number(rest[1], in: item) : nil
    var numbers: [Int] = []
    var next = first
    while next < last {
      numbers.append(next)
      next = step.map { next + $0 } ?? 2 * next
    }
    return numbers + [last]
  }

  private static func number(_ text: Substring, in item: Substring) throws(Invalid) -> Int {
    let isNumber = !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard isNumber else {
      throw Invalid(
        description: "'\(item)' names no ranks; write 1,2,4 or 1..64, which doubles, or 1..8+1, which goes in steps")
    }
    guard let number = Int(text), limits.contains(number) else {
      throw Invalid(
        description: "ranks and steps lie between \(limits.lowerBound) and \(limits.upperBound), not \(text)")
    }
    return number
  }
}

extension Substring {
  /// Where the first ".." is.
  fileprivate var firstDots: Range<Index>? {
    guard let dot = firstIndex(of: "."), index(after: dot) < endIndex, self[index(after: dot)] == "." else {
      return nil
    }
    return dot..<index(dot, offsetBy: 2)
  }
}
