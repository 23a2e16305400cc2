public import Imaging

/// Whether what is made is encoded and written.
public enum Saving: String, Codable, CaseIterable, Sendable {
  /// It is.
  case on
  /// Everything is done but that.
  case off

  /// "with saving"
  package var words: String { self == .on ? "with saving" : "without saving" }
}

/// One point of a study: a strategy on so many ranks, with images of one size. It is measured several times.
public struct Configuration: Hashable, Codable, Sendable {
  /// What is done to the images.
  public var job: String
  /// How the work is spread over processes.
  public var strategy: String
  /// Processes asked for.
  public var ranks: Int
  /// Whether what is made is encoded and written.
  public var saving: Saving
  /// Width of each image in pixels; 0 where the images of a folder are used as they are.
  public var widthPixels: Int
  /// Height of each image in pixels; 0 where the images of a folder are used as they are.
  public var heightPixels: Int
  /// How many images.
  public var images: Int
  /// Copies made of each; 1 where a job makes one thing of an image.
  public var copies: Int

  /// A configuration of the given job on images of the given size.
  public init(job: String, strategy: String, ranks: Int, saving: Saving, size: ImageSize, images: Int, copies: Int) {
    (self.job, self.strategy, self.ranks, self.saving) = (job, strategy, ranks, saving)
    (widthPixels, heightPixels) = (size.width, size.height)
    (self.images, self.copies) = (images, copies)
  }

  /// Width and height together.
  public var size: ImageSize { ImageSize(width: widthPixels, height: heightPixels) }

  /// For people: "worker-reads, 4 ranks, 2000x1000, saving on".
  public var text: String {
    "\(strategy), \(NumberText.counted(ranks, "rank")), \(size), saving \(saving.rawValue)"
  }
}

extension Configuration {
  /// Whether it is what others are compared with: one process that does one task after another.
  public var isBaseline: Bool { strategy == StudyDescription.baselineStrategy && ranks == 1 }

  /// How many things are made.
  package var tasks: Int { images * copies }

  /// Pixels of one image; 1 where images are as they are.
  package var pixels: Double { size == .asTheyAre ? 1 : Double(size.pixelCount) }

  /// The size that work is measured in: pixels of what is made, or their number where images are as they are.
  package var work: Double { max(1, pixels) * Double(max(1, tasks)) }

  /// Whether the other does the same work on as many ranks, by whatever strategy and with or without saving.
  package func isSameWork(as other: Configuration) -> Bool {
    ranks == other.ranks && size == other.size && images == other.images && copies == other.copies
  }

  /// From few ranks to many, and from small work to large.
  package static func isBefore(_ left: Configuration, _ right: Configuration) -> Bool {
    (left.ranks, left.work) < (right.ranks, right.work)
  }
}
