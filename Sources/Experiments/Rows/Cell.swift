/// Whether copies are encoded and written.
public enum Saving: String, Codable, CaseIterable, Sendable {
  /// They are.
  case on
  /// Everything is done but that.
  case off
}

/// One point of a study: a strategy on so many ranks, with images of one size. It is measured several times.
public struct Cell: Hashable, Codable, Sendable {
  /// What is done to the images.
  public var job: String
  /// How the work is spread over processes.
  public var strategy: String
  /// Processes asked for.
  public var ranks: Int
  /// Whether copies are encoded and written.
  public var saving: Saving
  /// Width of each image in pixels; 0 where the images of a folder are used as they are.
  public var widthPixels: Int
  /// Height of each image in pixels; 0 where the images of a folder are used as they are.
  public var heightPixels: Int
  /// How many images.
  public var images: Int
  /// Copies made of each.
  public var copies: Int

  /// A cell of the given job on images of the given size.
  public init(job: String, strategy: String, ranks: Int, saving: Saving, size: ImageSize, images: Int, copies: Int) {
    (self.job, self.strategy, self.ranks, self.saving) = (job, strategy, ranks, saving)
    (widthPixels, heightPixels) = (size.width, size.height)
    (self.images, self.copies) = (images, copies)
  }

  /// Width and height together.
  public var size: ImageSize { ImageSize(width: widthPixels, height: heightPixels) }

  /// For people: "worker-reads, 4 ranks, 2000x1000, saving on".
  public var text: String {
    "\(strategy), \(ranks) \(ranks == 1 ? "rank" : "ranks"), \(size), saving \(saving.rawValue)"
  }
}

/// Width and height in pixels; both 0 where images are as they are.
public struct ImageSize: Hashable, Codable, Sendable, CustomStringConvertible {
  /// In pixels.
  public var width, height: Int

  /// The given size.
  public init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

  /// Images of any size, as they lie in a folder.
  public static let asTheyAre = ImageSize(width: 0, height: 0)

  /// Reads "2000x1000"; `nil` if it is no size.
  public init?(_ text: String) {
    let numbers = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let width = numbers[0], let height = numbers[1] else { return nil }
    guard (1...65_000).contains(width), (1...65_000).contains(height) else { return nil }
    self.init(width: width, height: height)
  }

  /// "2000x1000", or "as they are".
  public var description: String { self == .asTheyAre ? "as they are" : "\(width)x\(height)" }
}
