internal import ArgumentParser
package import Datasets
package import Imaging

/// One copy of each image at a given size, with a watermark if one is named: what a collection needs before training.
package struct Prepare: Job {
  package struct Options: Codable, Hashable, Sendable {
    package var size = ImageSize(width: 128, height: 128)
    package var fit = Fit.stretch
    package var filter = ResampleFilter.lanczos
    package var light = ResampleLight.encoded
    /// Whether JPEG files are decoded at full size, however small their copies.
    package var isExact = false
    package var watermark: Watermark?

    package init() {}
  }

  package static let name = "prepare"
  package static let abstract = "Writes a resized copy of each image in a folder, with or without a watermark."
  package static let discussion =
    "Images of other proportions are stretched to --size, scaled to lie inside it (contain), or scaled to fill it, "
    + "which cuts off their edges (cover); smaller images are enlarged. JPEG files are decoded at a reduced scale if "
    + "that leaves enough pixels, which is faster and hard to see; --exact decodes them whole. Transparent pixels do "
    + "not colour their neighbours. The watermark is drawn last, at the final size."
  package static let defaultName = "{stem}"

  /// The size of the original study of preparing images, which names no text.
  package static func studyOptions(copies: Int?, seed: UInt64) -> Options? {
    guard copies == nil || copies == 1 else { return nil }
    var options = Options()
    options.watermark = Watermark(.text("watermark", font: nil))
    return options
  }

  /// The same as for images to be read: a copy is no larger than what is read by default.
  static let mostPixels = ImageDecoder.defaultMaxPixels

  package static func arePossible(_ options: Options) -> Bool {
    let sides = 1...mostPixels  // of which the product does not overflow
    return sides.contains(options.size.width) && sides.contains(options.size.height)
      && options.size.pixelCount <= mostPixels && (0...1).contains(options.watermark?.opacity ?? 0)
  }

  package let options: Options
  package init(_ options: Options) { self.options = options }

  package var effort: Double { 0.3 }

  package var outputsPerSource: Int { 1 }

  package func output(_ number: Int, of source: InputImage, _ names: OutputNames) -> OutputName {
    names.name(of: source, copy: number)
  }

  /// The decoder averages bytes, which is not what linear light asks for.
  package func leastSize(of source: SourceFacts, with labels: LabelTreatment?) -> ImageSize? {
    guard !options.isExact, options.light == .encoded else { return nil }
    return framing(of: source.shape).leastSize(of: source.shape, for: options.filter)
  }

  fileprivate func framing(of shape: ImageShape) -> Framing { Framing(options.fit, of: shape.size, into: options.size) }

  package func makeWorker() -> PrepareWorker { PrepareWorker(self) }
}

package final class PrepareWorker: JobWorker {
  package struct Draft: ProductDraft {
    fileprivate var framing: Framing
    package var outputShape: ImageShape
    package var geometry: [Imaging.Operation] { [framing.operation] }
  }

  private let job: Prepare
  /// Made before processes are forked; each draws with its own copy.
  private let painter: Result<WatermarkPainter, any Error>?

  fileprivate init(_ job: Prepare) {
    self.job = job
    painter = job.options.watermark.map { watermark in Result { try Self.painter(watermark, job.options) } }
  }

  private static func painter(_ watermark: Watermark, _ options: Prepare.Options) throws -> WatermarkPainter {
    let painter = try watermark.painter()
    // Workers start no process, so a text is drawn before there are any, at the sizes that copies may have.
    try painter.prepareMarks(upTo: options.size)
    if options.fit != .contain { try painter.prepare(width: options.size.width, height: options.size.height) }
    return painter
  }

  package func draft(_ output: PlannedOutput, of source: SourceFacts) -> Draft {
    let shape = source.shape
    let framing = job.framing(of: shape)
    let outputShape = ImageShape(width: framing.size.width, height: framing.size.height, channels: shape.channels)
    return Draft(framing: framing, outputShape: outputShape)
  }

  package func make(_ draft: Draft, of source: borrowing Image, into product: inout Image) throws(ImagingError) {
    let (framing, options) = (draft.framing, job.options)
    var how = Resample()
    (how.filter, how.light) = (options.filter, options.light)
    how.part = source.reduction?.decoded(framing.part) ?? framing.part
    try product.resample(source, width: framing.size.width, height: framing.size.height, how)
    switch painter {
    case .success(let painter): try painter.paint(on: &product.color)
    case .failure(let error): throw .failed("\(error)")
    case nil: return
    }
  }
}
