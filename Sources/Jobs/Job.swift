package import ArgumentParser
package import Datasets
package import Imaging

/// What is done to each image of a folder, and which files come of it.
///
/// A job is one file and one line in `JobCatalog`. Its command, its place in the studies and the same bytes under every
/// strategy follow from that: a strategy knows sources, outputs and a worker, and no option of any job.
package protocol Job: OutputNaming {
  /// What decides the pixels of its products. Kept with a run, so that the run can go on elsewhere and later.
  associatedtype Options: Codable & Hashable & Sendable
  /// How a command line says it.
  associatedtype Flags: JobFlags where Flags.Options == Options
  associatedtype Worker: JobWorker

  /// Of its command, and of `--job`.
  static var name: String { get }
  /// A sentence, and a paragraph, for its command.
  static var abstract: String { get }
  static var discussion: String { get }
  /// How its outputs are named unless a person names them otherwise; a text for `NameTemplate`.
  static var defaultName: String { get }
  /// What studies measure.
  /// - Parameter copies: of each image; `nil` for as many as the original study made.
  /// - Returns: `nil` where the job cannot make as many.
  static func studyOptions(copies: Int?, seed: UInt64) -> Options?

  init(_ options: Options)
  var options: Options { get }
  /// The number that decides every draw, where anything is drawn.
  var seed: UInt64? { get }

  /// Called once in each process that works.
  func makeWorker() -> Worker
}

extension Job {
  package var seed: UInt64? { nil }
}

/// The options of a job on a command line.
package protocol JobFlags: ParsableArguments {
  associatedtype Options
  /// - Throws: a sentence on a file that an option names.
  func options() throws -> Options
}

/// Makes the products of a job in one process, with scratch memory that goes from one product to the next.
package protocol JobWorker: AnyObject {
  associatedtype Draft: ProductDraft

  /// Decides what is made. A pure function of its arguments, so that every process decides the same.
  /// - Parameter shape: of the decoded source.
  func draft(_ output: PlannedOutput, of source: InputImage, shape: ImageShape) -> Draft

  /// Makes a product of a decoded source. `product` may lie in memory that cannot grow, with room for the shape drafted.
  func make(_ draft: Draft, of source: borrowing Image, into product: inout Image) throws(ImagingError)

  /// Does what can be done before there is a place for the product, so that a place is not held longer than needed.
  /// `finish` does the rest.
  func prepare(_ draft: Draft, of source: borrowing Image) throws(ImagingError)
  func finish(_ draft: Draft, of source: borrowing Image, into product: inout Image) throws(ImagingError)
}

extension JobWorker {
  package func prepare(_ draft: Draft, of source: borrowing Image) throws(ImagingError) {}
  package func finish(_ draft: Draft, of source: borrowing Image, into product: inout Image) throws(ImagingError) {
    try make(draft, of: source, into: &product)
  }
}

/// What a worker has decided to make of one source.
package protocol ProductDraft {
  /// Of the colours of the product. It has an alpha plane where the source has one.
  var outputShape: ImageShape { get }
  /// How its file can be had without decoding.
  var shortcut: Shortcut? { get }
  /// What a person should know of it: sentences that are the same for all images they are true of.
  var notes: [String] { get }
}

extension ProductDraft {
  package var shortcut: Shortcut? { nil }
  package var notes: [String] { [] }
}

/// A way from a file to a file that touches no pixel.
package enum Shortcut: Hashable, Sendable {
  /// The file as it is.
  case bytes
  /// The blocks of a JPEG rearranged. Where its sides are no multiples of its blocks, the pixels are taken after all.
  case orientation(Orientation)
}
