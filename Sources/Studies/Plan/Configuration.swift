package import Imaging

/// Whether outputs are encoded and written.
package enum Saving: String, Codable, CaseIterable, Sendable {
  case on
  /// Outputs are made, but neither encoded nor written.
  case off

  package var words: String { self == .on ? "with saving" : "without saving" }
}

/// One cell of a study: a strategy, a rank count, an image size, with or without saving. It is measured several times.
package struct Configuration: Hashable, Codable, Sendable {
  /// Name of the job.
  package var job: String
  /// Name of the strategy.
  package var strategy: String
  /// Processes requested.
  package var ranks: Int
  package var saving: Saving
  /// Width of each image in pixels; 0 if the images of a folder keep their own sizes.
  package var widthPixels: Int
  /// Height of each image in pixels; 0 if the images of a folder keep their own sizes.
  package var heightPixels: Int
  package var images: Int
  /// Outputs per image; 1 if the job makes one output of an image.
  package var copies: Int

  package init(job: String, strategy: String, ranks: Int, saving: Saving, size: ImageSize, images: Int, copies: Int) {
    (self.job, self.strategy, self.ranks, self.saving) = (job, strategy, ranks, saving)
    (widthPixels, heightPixels) = (size.width, size.height)
    (self.images, self.copies) = (images, copies)
  }

  package var size: ImageSize { ImageSize(width: widthPixels, height: heightPixels) }

  /// For messages: "worker-reads, 4 ranks, 2000x1000, saving on".
  package var text: String {
    "\(strategy), \(NumberText.counted(ranks, "rank")), \(size), saving \(saving.rawValue)"
  }
}

extension Configuration {
  /// Whether others are compared with it: one process that runs one task after another.
  package var isBaseline: Bool { strategy == StudyDescription.baselineStrategy && ranks == 1 }

  /// Number of outputs.
  package var tasks: Int { images * copies }

  /// Pixels of one image; 1 if images keep their own sizes.
  package var pixels: Double { size == .asTheyAre ? 1 : Double(size.pixelCount) }

  /// Amount of work: pixels of all outputs, or their number if images keep their own sizes; at least 1.
  package var work: Double { max(1, pixels) * Double(max(1, tasks)) }

  /// Whether the other does the same work on the same number of ranks, whatever its strategy and saving.
  package func isSameWork(as other: Configuration) -> Bool {
    ranks == other.ranks && size == other.size && images == other.images && copies == other.copies
  }

  /// Orders by ranks, then by work.
  package static func isBefore(_ left: Configuration, _ right: Configuration) -> Bool {
    (left.ranks, left.work) < (right.ranks, right.work)
  }
}

/// A list of numbers of ranks or nodes as typed: "1,2,3", "1..64" (doubling), "1..8+1" (in steps of 1), or several of
/// these separated by commas. A range always includes both ends.
package struct RankList: Hashable, Sendable {
  /// Why a text is not a rank list; a sentence fragment.
  package struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
  }

  /// A larger number is taken for a typing error.
  package static let limits = 1...1024

  /// In the order given, without duplicates.
  package let ranks: [Int]

  /// - Parameter noun: what is counted, for messages.
  package init(_ text: String, of noun: String = "ranks") throws(Invalid) {
    guard !text.isEmpty else { throw Invalid(description: "no \(noun) are named") }
    var ranks: [Int] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      for rank in try Self.numbers(item, noun) {
        guard !ranks.contains(rank) else { throw Invalid(description: "\(rank) is named twice") }
        ranks.append(rank)
      }
    }
    self.ranks = ranks
  }

  private static func numbers(_ item: Substring, _ noun: String) throws(Invalid) -> [Int] {
    func number(_ text: Substring) throws(Invalid) -> Int { try Self.number(text, of: noun, in: item) }
    guard let dots = item.firstDots else { return [try number(item)] }
    let first = try number(item[..<dots.lowerBound])
    let rest = item[dots.upperBound...].split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    let last = try number(rest[0])
    guard first <= last else {
      throw Invalid(description: "\(item) goes down; write \(last)..\(first)")
    }
    let step = rest.count == 2 ? try number(rest[1]) : nil
    var numbers: [Int] = []
    var next = first
    while next < last {
      numbers.append(next)
      next = step.map { next + $0 } ?? 2 * next
    }
    return numbers + [last]
  }

  private static func number(_ text: Substring, of noun: String, in item: Substring) throws(Invalid) -> Int {
    let isNumber = !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard isNumber else {
      throw Invalid(
        description: "'\(item)' is not a number of \(noun); "
          + "write 1,2,4 or 1..64, which doubles, or 1..8+1, which goes in steps")
    }
    guard let number = Int(text), limits.contains(number) else {
      throw Invalid(
        description: "\(noun) and steps lie between \(limits.lowerBound) and \(limits.upperBound), not \(text)")
    }
    return number
  }
}

extension Substring {
  /// Range of the first "..".
  fileprivate var firstDots: Range<Index>? {
    guard let dot = firstIndex(of: "."), index(after: dot) < endIndex, self[index(after: dot)] == "." else {
      return nil
    }
    return dot..<index(dot, offsetBy: 2)
  }
}
