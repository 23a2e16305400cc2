package import Datasets
internal import Imaging

/// One copy of each image, hidden as a whole or where labels say.
///
/// Source of the blur: OpenCV `GaussianBlur`; the default kernel and deviation are those of the original study of
/// parallel blurring.
package struct Anonymize: Job {
  package struct Options: Codable, Hashable, Sendable {
    package var method = Method.blur
    /// Width and height of the blur's kernel in pixels, odd; `nil`: 61, or about six times a relative deviation.
    package var kernel: Int?
    package var sigma = Deviation.pixels(10)
    /// What is hidden; `nil`: the whole image.
    package var selection: Selection?

    package init() {}
  }

  package enum Method: String, CaseIterable, Codable, Sendable {
    case blur
    /// Squares of the mean colour.
    case pixelate
    /// Black.
    case solid
  }

  /// The standard deviation of the blur.
  package enum Deviation: Codable, Hashable, Sendable {
    case pixels(Double)
    /// Of the shorter side of what is hidden.
    case share(Double)
  }

  /// Labelled regions, and how much of them is hidden.
  package struct Selection: Codable, Hashable, Sendable {
    package var labels: LabelSet
    package var shape = Shape.box
    /// Factor by which regions are scaled about their centres.
    package var scale = 1.0

    package init(_ labels: LabelSet) { self.labels = labels }
  }

  package enum Shape: String, CaseIterable, Codable, Sendable {
    case box
    /// Inscribed in the box.
    case ellipse
    /// The outline; the box if the labels have none.
    case polygon
  }

  package static let name = "anonymize"
  package static let abstract = "Writes a copy of each image in a folder, hidden as a whole or in its labelled regions."
  package static let discussion =
    "Without --regions, the whole image is hidden; with it, the labelled regions are, and everything else stays as it "
    + "is. Regions refer to the upright image, its EXIF orientation applied. An image that no label names "
    + "is copied with nothing hidden, and reported; one of another size than its label states is not written at all. "
    + "Transparency stays, and so does the ICC profile; position, names, comments, thumbnails and all other metadata "
    + "that does not define colours is dropped.\n\n"
    + "A blur of fixed strength hides small faces and does not hide large ones, and even strong blurs and mosaics have "
    + "been undone for faces that are known from elsewhere. Use --method solid for what must stay hidden; otherwise "
    + "--method pixelate, or a blur that grows with the region, such as --sigma 0.2x, and look at the copies."
  package static let defaultName = "{stem}"

  package static func studyOptions(copies: Int?, seed: UInt64) -> Options? {
    copies == nil || copies == 1 ? Options() : nil
  }

  static let scaleRange = 1.0...10

  static func isPossible(kernel: Int?) -> Bool {
    kernel.map { (3...1001).contains($0) && !$0.isMultiple(of: 2) } ?? true
  }

  package static func arePossible(_ options: Options) -> Bool {
    isPossible(kernel: options.kernel) && options.sigma.isPossible
      && scaleRange.contains(options.selection?.scale ?? 1)
  }

  package let options: Options
  package init(_ options: Options) { self.options = options }

  package var outputsPerSource: Int { 1 }

  package func output(_ number: Int, of source: InputImage, _ names: OutputNames) -> OutputName {
    names.name(of: source, copy: number)
  }

  package func adapt(_ files: inout ImageFileOptions) throws(JobRefusal) {
    guard files.encoding.metadata != .all else {
      throw JobRefusal(
        "anonymize keeps no metadata but that of colours, because position, names and XMP tell who is in an image")
    }
  }

  /// Labels of other images would hide nothing: the worst outcome, if it passes for success.
  package func check(_ listing: FolderListing) throws(JobRefusal) {
    guard let labels = options.selection?.labels, !listing.images.isEmpty else { return }
    if listing.images.allSatisfy({ labels.match($0) == .none }) {
      throw JobRefusal("the labels name no image of the input")
    }
  }

  package func makeWorker() -> AnonymizeWorker { AnonymizeWorker(options) }
}

extension Anonymize.Options {
  /// Bounds the work for what is hidden in large images.
  static let mostSigma = 1000.0
  static let defaultKernel = 61

  /// Size and deviation of the blur of something with this shorter side.
  func blur(shorterSide: Double) -> (size: Int, sigma: Double) {
    switch sigma {
    case .pixels(let sigma): return (kernel ?? Self.defaultKernel, sigma)
    case .share(let share):
      let sigma = min(max(share * shorterSide, 0.5), Self.mostSigma)
      return (kernel ?? Int((6 * sigma).rounded()) | 1, sigma)
    }
  }

  /// Side of the squares of a mosaic: an eighth of the shorter side, but never so small that a tiny region is not
  /// hidden.
  func blockSide(shorterSide: Double) -> Int { max(8, Int((shorterSide / 8).rounded(.up))) }
}
