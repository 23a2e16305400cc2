package import ArgumentParser
package import Datasets
package import Imaging

/// The work on each image of a folder, and the files that result.
///
/// A job is one file and one line in `JobCatalog`. Its command, its place in the studies and identical bytes under
/// every strategy follow from that: a strategy knows sources, outputs and a worker, but no option of any job.
package protocol Job: OutputNaming {
  /// Everything that determines the pixels of the products. Stored with a run, so that it can be resumed elsewhere and
  /// later.
  associatedtype Options: Codable & Hashable & Sendable
  /// The command-line form of the options.
  associatedtype Flags: JobFlags where Flags.Options == Options
  associatedtype Worker: JobWorker

  /// Name of its command, and for `--job`.
  static var name: String { get }
  /// A sentence and a paragraph for the help of its command.
  static var abstract: String { get }
  static var discussion: String { get }
  /// Default name of its outputs; a text for `NameTemplate`.
  static var defaultName: String { get }
  /// The options that studies measure.
  /// - Parameter copies: per image; `nil`: as many as the original study made.
  /// - Returns: `nil` if the job cannot make that many.
  static func studyOptions(copies: Int?, seed: UInt64) -> Options?
  /// Has the options apply a pipeline, if the job has one.
  /// - Returns: whether it has.
  static func choose(_ preset: PipelinePreset, in options: inout Options) -> Bool

  /// Whether a command line can give these options. Those of a record may come from anywhere.
  static func arePossible(_ options: Options) -> Bool
  /// - Parameter options: possible ones.
  init(_ options: Options)
  var options: Options { get }
  /// The seed of all draws; `nil` if nothing is drawn.
  var seed: UInt64? { get }
  /// Roughly the time of a pixel, in units of that of augment and anonymize. It decides only on the number of ranks.
  var effort: Double { get }

  /// Changes how files are read and written to what the job requires.
  /// - Throws: a sentence, if the user has asked for what the job excludes.
  func adapt(_ files: inout ImageFileOptions) throws(JobRefusal)

  /// Changes how outputs are named, and so their format, to what the job requires.
  /// - Throws: a sentence, if the user has asked for what the job excludes.
  func adapt(_ names: inout OutputNames) throws(JobRefusal)

  /// Changes what happens to labels to what the job asks for, where the user has left it open.
  func adapt(_ labels: inout LabelTreatment)

  /// Checks what the options say about images against those that are there.
  /// - Throws: a sentence, if the options were meant for others.
  func check(_ listing: FolderListing) throws(JobRefusal)

  /// Checks whether the labels of a run are those that the job cannot do without.
  /// - Parameter labels: `nil` in a run without labels.
  /// - Throws: a sentence, if they are not.
  func check(_ labels: DatasetPlan?) throws(JobRefusal)

  /// Why no product can be made of an image, as its header tells: it is not decoded then. A sentence fragment; `nil`:
  /// there may be some.
  func refusal(of source: SourceFacts) -> String?

  /// Whether `draft` looks at the masks of sources.
  var needsMasks: Bool { get }
  /// Images that products are made of besides the source: absolute paths.
  var referenceFiles: [String] { get }

  /// The size below which a source is of no use to the job; `nil`: it wants the source at full size. A JPEG may then be
  /// decoded smaller.
  /// - Parameter labels: what happens to labels; `nil` in a run without.
  func leastSize(of source: SourceFacts, with labels: LabelTreatment?) -> ImageSize?

  /// What the user should know about the options: sentences.
  var notes: [String] { get }
  /// What the options say about labels and further images of a source, which it may not have: the keys of a file.
  var labelDemands: LabelDemands { get }

  /// Folders that workers read besides that of the input: absolute paths.
  var outsidePaths: [String] { get }

  /// Called once in the main process; each forked process inherits its own copy. What workers do then is confined to the
  /// folders of the run, and starts no process.
  func makeWorker() -> Worker
}

extension Job {
  package static func arePossible(_ options: Options) -> Bool { true }
  package var seed: UInt64? { nil }
  package var effort: Double { 1 }
  package var notes: [String] { [] }
  package var labelDemands: LabelDemands { LabelDemands() }
  package static func choose(_ preset: PipelinePreset, in options: inout Options) -> Bool { false }
  package func adapt(_ files: inout ImageFileOptions) throws(JobRefusal) {}
  package func adapt(_ names: inout OutputNames) throws(JobRefusal) {}
  package func adapt(_ labels: inout LabelTreatment) {}
  package func check(_ listing: FolderListing) throws(JobRefusal) {}
  package func check(_ labels: DatasetPlan?) throws(JobRefusal) {}
  package func refusal(of source: SourceFacts) -> String? { nil }
  package var needsMasks: Bool { false }
  package var referenceFiles: [String] { [] }
  package var outsidePaths: [String] { [] }
  package func leastSize(of source: SourceFacts, with labels: LabelTreatment?) -> ImageSize? { nil }
}

/// Keys of a pipeline file that concern more than the image.
package struct LabelDemands: Hashable, Sendable {
  /// Those of labels.
  package var labels: [String] = []
  /// Names of further images, masks or labels that are to change as the image does.
  package var targets: [String] = []

  package init() {}
}

/// Why a job does not do what the user asks for: a sentence.
package struct JobRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// The command-line options of a job.
package protocol JobFlags: ParsableArguments {
  associatedtype Options
  /// - Throws: an error, described by a sentence, if a file that an option names cannot be used.
  func options() throws -> Options
  /// Threads that are to share the work on each image, if the user asks for that.
  var threads: Int? { get }
}

extension JobFlags {
  package var threads: Int? { nil }
}

/// Makes the products of a job in one process, with scratch memory reused from product to product.
package protocol JobWorker: AnyObject {
  associatedtype Draft: ProductDraft

  /// Decides what to make. A pure function of its arguments, so that every process decides the same.
  func draft(_ output: PlannedOutput, of source: SourceFacts) throws(ImagingError) -> Draft

  /// Makes a product of a decoded source. `product` may lie in memory that cannot grow, with room for the drafted
  /// shape.
  func make(_ draft: Draft, of source: borrowing Image, into product: inout Image) throws(ImagingError)

  /// Does what is possible before the product has a slot, so that the slot is held no longer than needed. `finish` does
  /// the rest.
  func prepare(_ draft: Draft, of source: borrowing Image) throws(ImagingError)
  func finish(_ draft: Draft, of source: borrowing Image, into product: inout Image) throws(ImagingError)
}

extension JobWorker {
  package func prepare(_ draft: Draft, of source: borrowing Image) throws(ImagingError) {}
  package func finish(_ draft: Draft, of source: borrowing Image, into product: inout Image) throws(ImagingError) {
    try make(draft, of: source, into: &product)
  }
}

/// What a job may know about a source without its pixels.
package struct SourceFacts {
  package var image: InputImage
  /// Of the source in its file, upright. It may be decoded smaller if the job allows it.
  package var shape: ImageShape
  /// `nil` in a run without labels.
  package var labels: SourceLabels?
  /// `nil` if the source has none, or the job does not need it.
  package var mask: SampleScene.MaskMaker?

  package init(_ image: InputImage, shape: ImageShape, labels: SourceLabels? = nil) {
    (self.image, self.shape, self.labels) = (image, shape, labels)
  }
}

/// A worker's decisions about one product.
package protocol ProductDraft {
  /// Shape of the product's colours. It has an alpha plane if the source has one.
  var outputShape: ImageShape { get }
  /// Where pixels move; masks and labels follow.
  var geometry: [Imaging.Operation] { get }
  /// All that happens to pixels, if they only move: then samples may have more than 8 bits. Otherwise `nil`.
  var moves: [Imaging.Operation]? { get }
  /// The labels of the product, if the job has already had to know them.
  var labels: FollowedLabels? { get }
  /// How to make the file without decoding, if that is possible.
  var shortcut: Shortcut? { get }
  /// The transforms that were drawn, for the manifest.
  var sampled: [SampledTransform] { get }
  /// Notes for the user: sentences that are the same for all images that they apply to.
  var notes: [String] { get }
  /// Notes about this image alone: sentence fragments that follow its path.
  var imageNotes: [String] { get }
}

extension ProductDraft {
  package var geometry: [Imaging.Operation] { [] }
  package var moves: [Imaging.Operation]? { nil }
  package var labels: FollowedLabels? { nil }
  package var shortcut: Shortcut? { nil }
  package var sampled: [SampledTransform] { [] }
  package var notes: [String] { [] }
  package var imageNotes: [String] { [] }
}

/// A way from file to file that touches no pixel.
package enum Shortcut: Hashable, Sendable {
  /// The unchanged file.
  case bytes
  /// The blocks of a JPEG, rearranged. Falls back to pixels if the sides are not multiples of the block size.
  case orientation(Orientation)
}
