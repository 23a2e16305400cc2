internal import ArgumentParser
package import Datasets
package import Imaging

/// Augmented copies of each image, as drawn by a pipeline.
package struct Augment: Job {
  package struct Options: Codable, Hashable, Sendable {
    package var pipeline = Pipeline.default
    /// Determines every draw, together with the path of the image and the number of the copy.
    package var seed: UInt64 = 0
    package var copies = 5
    /// Whether the image itself is copied as well, byte for byte.
    package var keepsOriginal = false
    /// Whether copies of JPEG files that are only mirrored or rotated are made without decoding, if their size allows.
    package var isLossless = false

    package init() {}
  }

  package struct Flags: JobFlags {
    @Option(help: ArgumentHelp("Copies of each image.", valueName: "n"))
    var copies = 5

    @Option(help: ArgumentHelp("Seed of all random draws.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(
      help: ArgumentHelp(
        "Albumentations pipeline, JSON or YAML; FILE:NAME for one of several. (default: see explain)",
        valueName: "file"),
      completion: .file(extensions: ["json", "yaml", "yml"]))
    var pipeline: String?

    @Option(
      help: ArgumentHelp(
        "Built-in pipeline: default, or thermal for grey images of streets. (default: default)", valueName: "name"))
    var preset: PipelinePreset?

    @Flag(help: "Leave out transforms of the pipeline that cannot run here.")
    var skipUnknown = false

    @Flag(help: "Also copy each image itself to OUTPUT.")
    var keepOriginal = false

    @Flag(
      help: "Mirror and rotate JPEG files without decoding if their size allows it; --quality has no effect then.")
    var lossless = false

    package init() {}

    package func validate() throws {
      // A larger number would be a typing error, and the names alone would fill the memory.
      guard (1...100_000).contains(copies) else { throw ValidationError("--copies must lie between 1 and 100000") }
      guard pipeline == nil || preset == nil else {
        throw ValidationError("--preset names a built-in pipeline and --pipeline a file; give one or the other")
      }
    }

    package func options() throws -> Options {
      var options = Options()
      if let pipeline { options.pipeline = try Pipeline(file: pipeline, skipsUnknown: skipUnknown) }
      if let preset { options.pipeline = preset.pipeline }
      (options.copies, options.seed) = (copies, seed)
      (options.keepsOriginal, options.isLossless) = (keepOriginal, lossless)
      return options
    }
  }

  package static let name = "augment"
  package static let abstract = "Writes augmented copies of all images in a folder."
  package static let discussion =
    "What a copy looks like depends on --seed, the pipeline, the image's path in INPUT and the number of the copy, and "
    + "on nothing else."
  package static let defaultName = "{stem}_aug{copy:06}"

  package static func studyOptions(copies: Int?, seed: UInt64) -> Options? {
    var options = Options()
    (options.copies, options.seed) = (copies ?? 100, seed)
    return options
  }

  package static func choose(_ preset: PipelinePreset, in options: inout Options) -> Bool {
    options.pipeline = preset.pipeline
    return true
  }

  package let options: Options
  package init(_ options: Options) { self.options = options }
  package var seed: UInt64? { options.seed }

  package var outputsPerSource: Int { options.copies + (options.keepsOriginal ? 1 : 0) }

  package func output(_ number: Int, of source: InputImage, _ names: OutputNames) -> OutputName {
    guard let copy = copy(number) else { return OutputName(path: source.path, format: .image(source.format)) }
    return names.name(of: source, copy: copy)
  }

  /// The copy number of an output; `nil` for the image itself, which comes first.
  fileprivate func copy(_ number: Int) -> Int? {
    guard options.keepsOriginal else { return number }
    return number == 0 ? nil : number - 1
  }

  package func adapt(_ files: inout ImageFileOptions) {
    if let tail = options.pipeline.tail { files.encoding.tensor = tail }
  }

  package func adapt(_ labels: inout LabelTreatment) {
    guard let parameters = options.pipeline.boxParameters else { return }
    labels.limits = labels.limits.completed(by: parameters.limits)
    if labels.invalidBoxes == nil, parameters.dropsInvalid { labels.invalidBoxes = .drop }
  }

  package func check(_ labels: DatasetPlan?) throws(JobRefusal) {
    let masks = labels?.dataset.masks ?? []
    if masks.isEmpty, let name = options.pipeline.transform(needing: .certainMask) {
      throw JobRefusal("\(name) needs masks, and the run has none")
    }
    if labels?.dataset.format == nil, let name = options.pipeline.transform(needing: .certainObjects) {
      throw JobRefusal("\(name) needs labels of objects, and the run has none")
    }
  }

  package var needsMasks: Bool { options.pipeline.needs.contains(.mask) }

  /// That of the first copy if all copies have one. What depends on labels is seen later.
  package func refusal(of source: SourceFacts) -> String? {
    guard !options.keepsOriginal, options.pipeline.needs.isEmpty else { return nil }
    var first: RefusedTransform?
    for copy in 0..<options.copies {
      let key = StreamKey(seed: options.seed, path: source.image.drawPath, copy: copy)
      guard let failure = options.pipeline.sample(for: source.shape, key: key).failure else { return nil }
      first = first ?? failure
    }
    return first?.description
  }

  package var notes: [String] { options.pipeline.notes }

  package var labelDemands: LabelDemands {
    var demands = LabelDemands()
    let labels = options.pipeline.labels
    (demands.labels, demands.targets) = (labels.demands, labels.furtherTargets)
    return demands
  }

  package func makeWorker() -> AugmentWorker { AugmentWorker(self) }
}

package final class AugmentWorker: JobWorker {
  package struct Draft: ProductDraft {
    /// Empty: the image unchanged.
    fileprivate var operations: [Imaging.Operation] = []
    package var outputShape: ImageShape
    package var shortcut: Shortcut?
    package var notes: [String] = []
    package var labels: FollowedLabels?
    package var geometry: [Imaging.Operation] { operations }
  }

  private let job: Augment
  private var runner = PipelineRunner()
  /// The result of all operations but the last.
  private var prepared = Image()

  fileprivate init(_ job: Augment) { self.job = job }

  package func draft(_ output: PlannedOutput, of source: SourceFacts) throws(ImagingError) -> Draft {
    guard let copy = job.copy(output.number) else { return Draft(outputShape: source.shape, shortcut: .bytes) }
    let (sample, labels) = try sample(source, copy: copy)
    let orientation = job.options.isLossless ? sample.operations.orientation : nil
    var draft = Draft(
      operations: sample.operations, outputShape: sample.outputShape,
      shortcut: orientation.map { .orientation($0) },
      notes: sample.skipped.map { "\($0.name) is left out of some images: \($0.reason)" })
    draft.labels = labels
    return draft
  }

  /// The draw for a copy; with `LostBoxes.retry`, the first that loses no object, or else the one that loses fewest.
  private func sample(
    _ source: SourceFacts, copy: Int
  ) throws(ImagingError) -> (sample: PipelineSample, labels: FollowedLabels?) {
    var key = StreamKey(seed: job.options.seed, path: source.image.drawPath, copy: copy)
    let (pipeline, scene) = (job.options.pipeline, source.scene)
    var best = (sample: pipeline.sample(for: source.shape, key: key, scene: scene), labels: FollowedLabels?.none)
    if let failure = best.sample.failure { throw .notApplicable(failure.description) }
    guard let labels = source.labels else { return best }
    var least = try labels.followed(through: best.sample.operations)
    while least.lostCount > 0, labels.lostBoxes == .retry, key.attempt < Self.mostAttempts {
      key.attempt += 1
      let sample = pipeline.sample(for: source.shape, key: key, scene: scene)
      if sample.failure != nil { continue }
      let followed = try labels.followed(through: sample.operations)
      if followed.lostCount < least.lostCount { (best.sample, least) = (sample, followed) }
    }
    best.labels = least
    return best
  }

  /// An object at the edge of a large crop survives one draw in a few; one that no draw keeps must not hold up the run.
  private static let mostAttempts = 30

  package func make(_ draft: Draft, of source: borrowing Image, into product: inout Image) throws(ImagingError) {
    try runner.run(draft.operations, on: source, into: &product)
  }

  package func prepare(_ draft: Draft, of source: borrowing Image) throws(ImagingError) {
    guard draft.operations.count > 1 else { return }
    try runner.run(draft.operations.dropLast(), on: source, into: &prepared)
  }

  package func finish(_ draft: Draft, of source: borrowing Image, into product: inout Image) throws(ImagingError) {
    let last = Array(draft.operations.suffix(1))
    if draft.operations.count > 1 {
      try runner.run(last, on: prepared, into: &product)
    } else {
      try runner.run(last, on: source, into: &product)
    }
  }
}

extension SourceFacts {
  /// What transforms may ask about the source; `nil` in a run without labels.
  fileprivate var scene: SampleScene? {
    labels.map { labels in
      let objects = labels.objects.map { SceneObject(className: $0.className, shape: $0.shape) }
      return SampleScene(objects: objects, mask: mask)
    }
  }
}

extension PipelinePreset: ExpressibleByArgument {}
