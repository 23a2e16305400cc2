internal import Datasets
internal import Imaging
internal import Jobs

/// Reads the masks of images and has them follow the copies. Keeps the last one, as `SourceReader` keeps its image.
struct MaskStage: ~Copyable {
  private let dataset: DatasetPlan
  private let masks: MaskFolder
  private let maxPixels: Int
  private var decoder = MaskDecoder()
  private var encoder = MaskEncoder()
  private var runner = MaskRunner()
  private var source = MaskImage()
  private var moved = MaskImage()
  private var loaded: Int?

  /// - Returns: `nil` if the run has no masks.
  init?(_ run: JobRun<some Job>) {
    guard let dataset = run.plan.labels, let masks = dataset.dataset.masks else { return nil }
    (self.dataset, self.masks, maxPixels) = (dataset, masks, run.files.maxPixels)
    decoder.maxPixels = maxPixels
  }

  /// The mask file of an output.
  /// - Parameters:
  ///   - geometry: what moves the pixels of its source.
  ///   - size: of its source, upright.
  /// - Returns: `nil` if its source has no mask.
  mutating func file(
    of output: PlannedOutput, _ geometry: [Imaging.Operation], size: ImageSize, _ log: inout TaskLog
  ) throws -> LabelFile? {
    guard let mask = dataset.mask(of: output.imageIndex), let path = dataset.maskPath(of: output) else { return nil }
    try load(mask, of: output.imageIndex, &log)
    guard source.size == size else {
      throw ImagingError.notApplicable("its mask has \(source.size) pixels, but upright it has \(size)")
    }
    try runner.run(geometry, on: source, into: &moved)
    log.end(.transform)
    let bytes = try encoder.encode(moved)
    log.end(.encode)
    return LabelFile(path: path, bytes: bytes)
  }

  private mutating func load(_ mask: String, of imageIndex: Int, _ log: inout TaskLog) throws {
    if loaded == imageIndex { return }
    loaded = nil
    do {
      let bytes = try masks.read(mask, limit: ImageFile.byteLimit(maxPixels))
      log.end(.read)
      log.report.readByteCount += bytes.count
      _ = unsafe try decoder.decode(bytes.span.bytes, into: &source)
      log.end(.decode)
    } catch let error as ImagingError {
      throw ImagingError.notApplicable("its mask \(mask): \(error)")
    } catch let error as LabelError {
      throw ImagingError.notApplicable("its mask \(mask): \(error.reason)")
    }
    loaded = imageIndex
  }
}
