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
    /// Whether JPEG files are decoded at full size where all copies of an image begin with a change to a smaller size.
    package var isExact = false
    /// For the transforms that take other images, those that each of them names.
    package var references: [ReferenceImages] = []
    /// `nil`: each image has draws of its own.
    package var groups: ImageGroups?

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

    @Flag(
      help: """
        Decode JPEG files at full size even if the pipeline begins with a resize to a much smaller one, as \
        Albumentations does.
        """)
    var exact = false

    @Option(
      help: ArgumentHelp(
        """
        Folder of the images that transforms such as Mosaic or HistogramMatching take besides the one they change; may \
        be INPUT. Those that cannot be read are left out.
        """, valueName: "folder"), completion: .directory)
    var reference: String?

    @Option(
      help: ArgumentHelp(
        """
        Give the images of a group the same draws: those of one name without its extension, in any folder; those of one \
        folder; or those of one group in a .csv or .tsv file with the columns path and group. Its images must have one \
        size. (default: each has its own)
        """, valueName: "stem|folder|file"))
    var groupBy: String?

    package init() {}

    package func validate() throws {
      guard Augment.copyRange.contains(copies) else {
        throw ValidationError("--copies must lie between 1 and \(Augment.copyRange.upperBound)")
      }
      guard pipeline == nil || preset == nil else {
        throw ValidationError("--preset names a built-in pipeline and --pipeline a file; give one or the other")
      }
      guard reference != "" else { throw ValidationError("--reference is empty; name a folder") }
      guard groupBy != "" else { throw ValidationError("--group-by is empty; give stem, folder or a file") }
    }

    package func options() throws -> Options {
      var options = Options()
      if let pipeline { options.pipeline = try Pipeline(file: pipeline, skipsUnknown: skipUnknown) }
      if let preset { options.pipeline = preset.pipeline }
      (options.copies, options.seed) = (copies, seed)
      (options.keepsOriginal, options.isLossless, options.isExact) = (keepOriginal, lossless, exact)
      options.references = try references(for: options.pipeline)
      options.groups = try groups()
      return options
    }

    private func references(for pipeline: Pipeline) throws -> [ReferenceImages] {
      let needing = pipeline.needingReferences.first
      if let needing, reference == nil {
        throw JobRefusal("\(needing) takes other images than the one it changes; name their folder by --reference")
      }
      if needing == nil, reference != nil {
        throw JobRefusal("--reference: no transform of the pipeline takes images of the run")
      }
      return try pipeline.referenceNames.map { names in
        guard let reference, names.isEmpty else { return try ReferenceImages(names: names) }
        do throws(ReferenceError) {
          return try ReferenceImages(folder: reference)
        } catch {
          throw JobRefusal("--reference: \(error)")
        }
      }
    }

    private func groups() throws -> ImageGroups? {
      switch groupBy {
      case nil: nil
      case "stem": .stem
      case "folder": .folder
      case let file?: try ImageGroups(file: file)
      }
    }
  }

  package static let name = "augment"
  package static let abstract = "Writes augmented copies of all images in a folder."
  package static let discussion =
    "What a copy looks like depends on --seed, the pipeline, the image's path in INPUT, or with --group-by its group, "
    + "the number of the copy and, if the pipeline takes them, the images of --reference, and on nothing else."
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

  /// A larger number would be a typing error, and the names alone would fill the memory.
  fileprivate static let copyRange = 1...100_000

  package static func arePossible(_ options: Options) -> Bool { copyRange.contains(options.copies) }

  package let options: Options
  /// The pipeline with its reference images.
  fileprivate let pipeline: Pipeline
  package init(_ options: Options) {
    self.options = options
    pipeline = options.pipeline.taking(options.references)
  }
  package var seed: UInt64? { options.seed }
  package var outsidePaths: [String] { options.references.flatMap(\.folders) }

  /// What stands for an image in draws.
  fileprivate func drawPath(of image: InputImage) -> String { options.groups?.group(of: image) ?? image.drawPath }

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

  package func check(_ listing: FolderListing) throws(JobRefusal) {
    guard let groups = options.groups else { return }
    do throws(GroupError) {
      try groups.check(listing)
    } catch {
      throw JobRefusal("--group-by: \(error)")
    }
  }

  /// A group has one draw only if nothing but its name decides.
  private func checkGroups(_ labels: DatasetPlan) throws(JobRefusal) {
    guard options.groups != nil else { return }
    if labels.treatment.lostBoxes == .retry {
      throw JobRefusal("--on-lost-boxes retry draws for one image again, which --group-by does not allow")
    }
    for needs in [SampleNeeds.objects, .mask] {
      guard let name = options.pipeline.transform(needing: needs) else { continue }
      throw JobRefusal("\(name) draws by what is labelled in each image, which --group-by does not allow")
    }
  }

  private func checkReferences(_ labels: DatasetPlan) throws(JobRefusal) {
    if let name = options.pipeline.mergingTransforms.first, !labels.dataset.masks.isEmpty {
      throw JobRefusal("\(name) does not bring in the masks of other images; --labels none leaves all masks out")
    }
    for references in options.references {
      guard let image = references.images.first(where: { labels.isCarriedOver($0, in: references.folder) }) else {
        continue
      }
      throw JobRefusal(
        "\(image.path): a reference image that is not in the part of the data set that is worked on; name a folder of "
          + "such images by --reference")
    }
  }

  package func check(_ labels: DatasetPlan?) throws(JobRefusal) {
    let masks = labels?.dataset.masks ?? []
    if masks.isEmpty, let name = options.pipeline.transform(needing: .certainMask) {
      throw JobRefusal("\(name) needs masks, and the run has none")
    }
    if labels?.dataset.format == nil, let name = options.pipeline.transform(needing: .certainObjects) {
      throw JobRefusal("\(name) needs labels of objects, and the run has none")
    }
    if let labels {
      try checkGroups(labels)
      try checkReferences(labels)
    }
  }

  package var needsMasks: Bool { options.pipeline.needs.contains(.mask) }
  package var referenceFiles: [String] {
    options.references.flatMap { references in references.images.map { "\(references.folder)/\($0.path)" } }
  }

  /// That of the first copy if all copies have one. What depends on labels is seen later.
  package func refusal(of source: SourceFacts) -> String? {
    guard !options.keepsOriginal, options.pipeline.needs.isEmpty else { return nil }
    var first: RefusedTransform?
    for copy in 0..<options.copies {
      let key = StreamKey(seed: options.seed, path: drawPath(of: source.image), copy: copy)
      guard let failure = pipeline.sample(for: source.shape, key: key).failure else { return nil }
      first = first ?? failure
    }
    return first?.description
  }

  /// That of the copy which needs most. Where a draw depends on labels, all that there is may be needed.
  package func leastSize(of source: SourceFacts, with labels: LabelTreatment?) -> ImageSize? {
    guard !options.isExact, !options.isLossless, options.pipeline.needs.isEmpty, labels?.lostBoxes != .retry else {
      return nil
    }
    var least = ImageSize(width: 1, height: 1)
    for copy in 0..<options.copies {
      let key = StreamKey(seed: options.seed, path: drawPath(of: source.image), copy: copy)
      let operations = pipeline.sample(for: source.shape, key: key).operations
      guard let first = FirstResize(operations, of: source.shape) else { return nil }
      let size = first.leastSize(of: source.shape)
      least = ImageSize(width: max(least.width, size.width), height: max(least.height, size.height))
    }
    return least
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
    package var sampled: [SampledTransform] = []
    package var geometry: [Imaging.Operation] { operations }
    package var moves: [Imaging.Operation]? { operations.movesOnly }
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
    draft.sampled = sample.transforms
    if let labels, labels.hasUnknownReferences {
      draft.notes.append("objects on reference images that are not in the data set are not labelled")
    }
    draft.labels = labels
    return draft
  }

  /// The draw for a copy; with `LostBoxes.retry`, the first that loses no object, or else the one that loses fewest.
  private func sample(
    _ source: SourceFacts, copy: Int
  ) throws(ImagingError) -> (sample: PipelineSample, labels: FollowedLabels?) {
    var key = StreamKey(seed: job.options.seed, path: job.drawPath(of: source.image), copy: copy)
    let (pipeline, scene) = (job.pipeline, source.scene)
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
