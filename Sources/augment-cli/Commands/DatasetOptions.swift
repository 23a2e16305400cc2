internal import ArgumentParser
internal import Imaging
internal import Jobs
internal import Scenes
internal import Strategies
internal import Studies

/// The datasets of the original study of object detection, as options of `strong`.
struct DatasetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The study of object detection on as many images as one of its datasets: small 1000, medium 5000, big 10000. (Its \
      report says that it had three sizes, and at most 10000 images; a tenth and a half of that are our choice.) \
      Thermal images of 640x512 are generated unless --input names a folder, of which the first are used; augmented by \
      --preset thermal, once each unless --copies says otherwise. Prints speedups and efficiencies as tables.
      """, valueName: "small|medium|big"))
  var dataset: StudyDataset?

  @Option(
    help: ArgumentHelp(
      "Use only this share of the images of --dataset, for a small machine; --images gives their number instead.",
      valueName: "share"))
  var datasetScale: Double?

  /// That of the images of the FLIR thermal dataset, which the report used.
  static let imageSize = ImageSize(width: 640, height: 512)

  /// - Parameter images: how many were asked for by number.
  func part(images: Int?) -> StudySession.DatasetPart? {
    dataset.map { .init(dataset: $0, images: images ?? $0.imageCount(scale: datasetScale ?? 1)) }
  }

  /// Refuses what would have no effect, or would measure something else under the name of a dataset.
  func validate(beside command: StrongCommand) throws {
    guard let dataset else {
      return try require(datasetScale == nil, "--dataset-scale is a share of the images of --dataset: name one")
    }
    let options = command.options
    try require(datasetScale.map { $0 > 0 && $0 <= 1 } ?? true, "--dataset-scale must be more than 0 and at most 1")
    try require(
      datasetScale == nil || options.images == nil,
      "--dataset-scale and --images both say how many images of the dataset to use; give one or the other")
    try require(
      (options.images ?? 1) <= dataset.imageCount,
      "--images: the \(dataset.rawValue) dataset has no more than \(dataset.imageCount) images")
    try require(options.job.type.hasPipeline, "--dataset is augmented: it needs --job \(Augment.name)")
    try require(command.size == nil, "--size: the images of --dataset have \(Self.imageSize) pixels, or their own")
    try require(
      [nil, .thermal].contains(options.pattern), "--pattern: the images of --dataset are those of a thermal camera")
  }
}

extension StudyDataset: ExpressibleByArgument {}
