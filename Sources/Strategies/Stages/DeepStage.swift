internal import Datasets
internal import Imaging

/// Makes copies of images with more than 8 bits to a sample, from file to file: everything else is for 8 bits.
struct DeepStage: ~Copyable {
  private let files: ImageFileOptions
  private var decoder = DeepDecoder()
  private var runner = DeepRunner()
  private var encoder = ImageEncoder()
  private var image = DeepImage()

  init(_ files: ImageFileOptions) {
    self.files = files
    (decoder.maxPixels, decoder.metadata) = (files.maxPixels, files.encoding.metadata)
  }

  /// Whether a copy is to keep more than 8 bits. Those in formats of 8 bits need none.
  func isNeeded(for output: PlannedOutput, of source: borrowing Image) -> Bool {
    source.metadata.isDeep && files.depth == nil && ![.image(.jpeg), .image(.webp)].contains(output.format)
  }

  /// The file of a copy.
  /// - Parameters:
  ///   - source: the file that it is made of.
  ///   - moves: what happens to pixels; `nil` if they do not only move.
  mutating func file(
    of source: [UInt8], _ moves: [Imaging.Operation]?, as output: PlannedOutput, _ log: inout TaskLog
  ) throws(ImagingError) -> [UInt8] {
    guard let moves, case .image(let format) = output.format, format.isDeep else {
      throw .unsupported(
        "more than 8 bits a sample, which PNG and TIFF copies keep if pixels only move; --depth 8 reduces them to 8")
    }
    try decoder.decode(source, into: &image)
    try runner.run(moves, on: &image)
    log.end(.transform)
    let file = try encoder.encode(image, as: format, files.encoding)
    log.end(.encode)
    return file
  }
}
