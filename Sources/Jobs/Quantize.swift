package import ArgumentParser
package import Datasets
package import Imaging

/// One copy of each image, reduced to a few colours by K-means.
///
/// Source: Lloyd's algorithm in RGB; the defaults are those of the original study of parallel colour quantisation.
package struct Quantize: DivisibleJob {
  package struct Options: Codable, Hashable, Sendable {
    package var quantization = QuantizeOptions()
    /// Determines the initial centroids, together with the path of the image.
    package var seed: UInt64 = 0
    /// Whether copies are PNG files with a palette, where one has room for the colours.
    package var hasPalette = false

    package init() {}
  }

  package struct Flags: JobFlags {
    @Option(help: ArgumentHelp("Number of colours of a copy, at most.", valueName: "n"))
    var colors = 16

    @Option(help: ArgumentHelp("Rounds of K-means, at most.", valueName: "n"))
    var iterations = 20

    @Option(help: ArgumentHelp("Stop when no colour moves this far, in levels of 0 to 255.", valueName: "levels"))
    var tolerance = 1e-4

    @Option(
      name: .customLong("init"),
      help: ArgumentHelp(
        "How the first colours are drawn from the pixels: all alike, or preferring those far from the colours drawn.",
        valueName: "name"))
    var initialization = QuantizeOptions.Initialization.random

    @Option(
      help: ArgumentHelp(
        "A colour that no pixel is nearest to becomes black, or that of the worst matched pixel.", valueName: "name"))
    var empty = QuantizeOptions.EmptyCluster.black

    @Option(help: ArgumentHelp("How the error of a pixel is spread over its neighbours.", valueName: "name"))
    var dither = QuantizeOptions.Dither.none

    @Option(help: ArgumentHelp("Seed of the draw of the first colours.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(
      help: ArgumentHelp(
        "Share each image among this many threads, one image at a time. (default: several images at a time, in processes)",
        valueName: "n"))
    package var threads: Int?

    @Flag(help: "Write PNG files, with a palette where 256 pairs of colour and opacity are enough.")
    var paletteOutput = false

    package init() {}

    package func validate() throws {
      guard QuantizeOptions.colorRange.contains(colors) else {
        throw ValidationError("--colors must lie between 1 and \(QuantizeOptions.colorRange.upperBound)")
      }
      guard Quantize.iterationRange.contains(iterations) else {
        throw ValidationError("--iterations must lie between 1 and \(Quantize.iterationRange.upperBound)")
      }
      guard tolerance >= 0 && tolerance <= 255 else { throw ValidationError("--tolerance must lie between 0 and 255") }
      // A larger number would be a typing error, as with ranks.
      guard (1...1024).contains(threads ?? 1) else { throw ValidationError("--threads must lie between 1 and 1024") }
    }

    package func options() -> Options {
      var options = Options()
      options.quantization.colors = colors
      (options.quantization.iterations, options.quantization.tolerance) = (iterations, tolerance)
      (options.quantization.initialization, options.quantization.empty) = (initialization, empty)
      options.quantization.dither = dither
      (options.seed, options.hasPalette) = (seed, paletteOutput)
      return options
    }
  }

  package static let name = "quantize"
  package static let abstract = "Writes a copy of each image in a folder, reduced to a few colours by K-means."
  package static let discussion =
    "The colours depend on --seed, the other options of K-means, the image and its path in INPUT, and on nothing else. "
    + "JPEG and lossy WebP change them again: --format png keeps them exactly, and --palette-output makes the smallest "
    + "files."
  package static let defaultName = "{stem}"

  package static func studyOptions(copies: Int?, seed: UInt64) -> Options? {
    guard copies == nil || copies == 1 else { return nil }
    var options = Options()
    options.seed = seed
    return options
  }

  fileprivate static let iterationRange = 1...10_000

  package static func arePossible(_ options: Options) -> Bool {
    QuantizeOptions.colorRange.contains(options.quantization.colors)
      && iterationRange.contains(options.quantization.iterations)
  }

  package let options: Options
  package init(_ options: Options) { self.options = options }
  package var seed: UInt64? { options.seed }

  package var effort: Double { 2 }

  package var outputsPerSource: Int { 1 }

  package func output(_ number: Int, of source: InputImage, _ names: OutputNames) -> OutputName {
    names.name(of: source, copy: number)
  }

  package func adapt(_ files: inout ImageFileOptions) { files.encoding.isPalette = options.hasPalette }

  package func adapt(_ names: inout OutputNames) throws(JobRefusal) {
    guard options.hasPalette else { return }
    guard [nil, .image(.png)].contains(names.format) else {
      throw JobRefusal("--palette-output: only a PNG file can have a palette")
    }
    names.format = .image(.png)
  }

  package var quantization: QuantizeOptions { options.quantization }

  package func makeWorker() -> QuantizeWorker {
    let quantizer = Quantizer(quantization)
    return makeWorker { _ in quantizer }
  }

  package func makeWorker(sharing quantizers: @escaping QuantizerSource) -> QuantizeWorker {
    QuantizeWorker(seed: options.seed, quantizers)
  }
}

package final class QuantizeWorker: JobWorker {
  package struct Draft: ProductDraft {
    package var outputShape: ImageShape
    fileprivate var key: StreamKey
  }

  private let seed: UInt64
  private let quantizers: QuantizerSource

  fileprivate init(seed: UInt64, _ quantizers: @escaping QuantizerSource) {
    (self.seed, self.quantizers) = (seed, quantizers)
  }

  package func draft(_ output: PlannedOutput, of source: SourceFacts) -> Draft {
    Draft(outputShape: source.shape, key: StreamKey(seed: seed, path: source.image.drawPath, copy: output.number))
  }

  package func make(_ draft: Draft, of source: borrowing Image, into product: inout Image) throws(ImagingError) {
    let quantizer = try quantizers(draft.outputShape.width * draft.outputShape.height)
    _ = try quantizer.quantize(source.color, key: draft.key, into: &product.color)
    try product.copyRest(of: source)
  }
}

extension QuantizeOptions.Initialization: ExpressibleByArgument {}

extension QuantizeOptions.EmptyCluster: ExpressibleByArgument {}

extension QuantizeOptions.Dither: ExpressibleByArgument {}
