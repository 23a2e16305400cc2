internal import Datasets
internal import Imaging
internal import Jobs

/// Reads the masks of images and has them follow the copies.
struct MaskStage: ~Copyable {
  private let dataset: DatasetPlan
  private let onDamage: DamagePolicy
  private var decoder = MaskDecoder()
  private var encoder = MaskEncoder()
  private var runner = MaskRunner()
  private let source = SourceMask()
  private var moved = MaskImage()
  /// The mask in `source`: the copies of an image follow each other.
  private var loaded: (imageIndex: Int, mask: String)?

  /// - Returns: `nil` if the run has no masks.
  init?(_ run: JobRun<some Job>) {
    guard let dataset = run.plan.labels, !dataset.dataset.masks.isEmpty else { return nil }
    (self.dataset, onDamage) = (dataset, run.files.onDamage)
    decoder.maxPixels = run.files.maxPixels
  }

  /// The mask files of an output.
  /// - Parameters:
  ///   - geometry: what moves the pixels of its source; `nil`: the source is copied as it is.
  ///   - size: of its source, upright.
  mutating func files(
    of output: PlannedOutput, _ geometry: [Imaging.Operation]?, size: ImageSize, _ log: inout TaskLog
  ) throws -> [LabelFile] {
    var files: [LabelFile] = []
    for (folder, mask, path) in dataset.masks(of: output) {
      try load(mask, of: folder, for: output.imageIndex, size, &log)
      guard let geometry else {
        files.append(LabelFile(path: path, bytes: try folder.read(mask, maxPixels: decoder.maxPixels)))
        log.end(.read)
        continue
      }
      try runner.run(geometry, on: source.image, into: &moved)
      log.end(.transform)
      files.append(LabelFile(path: path, bytes: try encoder.encode(moved)))
      log.end(.encode)
    }
    return files
  }

  /// What transforms may ask about the mask of an image: that of the first folder that has one; `nil` if none has.
  /// - Parameter size: of the image, upright.
  mutating func scene(
    of output: PlannedOutput, size: ImageSize, _ log: inout TaskLog
  ) throws -> SampleScene.MaskMaker? {
    guard let (folder, mask, _) = dataset.masks(of: output).first else { return nil }
    try load(mask, of: folder, for: output.imageIndex, size, &log)
    return { [source] operations throws(ImagingError) in try source.scene(after: operations) }
  }

  private mutating func load(
    _ mask: String, of folder: MaskFolder, for imageIndex: Int, _ size: ImageSize, _ log: inout TaskLog
  ) throws {
    if let loaded, loaded == (imageIndex, mask), dataset.dataset.masks.count == 1 { return }
    loaded = nil
    let outcome = try folder.load(mask, for: size, with: &decoder, into: &source.image)
    if outcome.isDamaged { try log.note(damage: outcome.warningText, of: "its mask", onDamage) }
    log.end(.decode)
    loaded = (imageIndex, mask)
  }
}

/// The decoded mask of the image that is worked on.
private final class SourceMask {
  var image = MaskImage()
  private var runner = MaskRunner()
  private var moved = MaskImage()

  func scene(after operations: [Imaging.Operation]) throws(ImagingError) -> SceneMask {
    try runner.run(operations, on: image, into: &moved)
    return SceneMask(moved)
  }
}
