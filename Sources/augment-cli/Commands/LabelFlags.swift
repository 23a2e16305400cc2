internal import ArgumentParser
internal import Datasets
internal import Imaging
internal import Jobs

/// Options about labels that all job commands share.
struct LabelFlags: ParsableArguments {
  @OptionGroup var dataset: DatasetFlags

  @Option(
    help: ArgumentHelp("Format of the copies' labels. (default: that of the input)", valueName: "voc|coco|yolo"))
  var labelOutput: LabelFormatName?

  @Option(
    help: ArgumentHelp(
      """
      Parts of the data set to work on; images of the others are copied unchanged. (default: train if there is one, \
      otherwise all)
      """, valueName: "a,b|all"))
  var splits: String?

  @Option(
    help: ArgumentHelp(
      """
      A box that reaches beyond its image: clip it, drop it, or fail the image. What is no box, or has nothing inside, \
      is dropped or fails. (default: clip)
      """, valueName: "clip|drop|fail"))
  var invalidBoxes: LabelTreatment.InvalidBoxes?

  @Option(help: ArgumentHelp("Drop boxes of less area than this in the copy. (default: 0)", valueName: "pixels"))
  var minArea: Double?

  @Option(
    help: ArgumentHelp(
      "Drop objects of which the copy shows a smaller share than this, 0 to 1. (default: 0)", valueName: "share"))
  var minVisibility: Double?

  @Option(help: ArgumentHelp("Drop boxes narrower than this in the copy. (default: 0)", valueName: "pixels"))
  var minWidth: Double?

  @Option(help: ArgumentHelp("Drop boxes lower than this in the copy. (default: 0)", valueName: "pixels"))
  var minHeight: Double?

  @Option(
    help: ArgumentHelp(
      "Drop boxes whose longer side exceeds this many times the shorter one. (default: no limit)", valueName: "ratio"))
  var maxAspect: Double?

  @Option(
    help: ArgumentHelp(
      "A copy that would lose an object: keep it without, draw it again, or skip it.", valueName: "keep|retry|skip"))
  var onLostBoxes = LabelTreatment.LostBoxes.keep

  @Flag(help: "Count visibility from one transform to the next, as Albumentations does, not from the original box.")
  var compatibleVisibility = false

  @Option(
    help: ArgumentHelp(
      """
      Keypoints that change places in a mirrored image: those whose names say left and right (auto), none, or pairs \
      such as left_eye:right_eye,3:4.
      """, valueName: "auto|none|pairs"),
    transform: { try FlipPairs(parsing: $0) })
  var flipPairs = FlipPairs.byName

  @Flag(
    help: ArgumentHelp("Run without the labels and further images that the pipeline names and the input does not have.")
  )
  var ignoreLabels = false

  func validate() throws {
    try require(
      dataset.labels != "none" || labelOutput == nil && dataset.masks == nil, "--labels none leaves no labels to write")
    for (name, value) in [
      ("--min-area", minArea), ("--min-width", minWidth), ("--min-height", minHeight),
    ] {
      try require(value.map { $0 >= 0 && $0 <= 1e9 } ?? true, "\(name) must lie between 0 and 1000000000 pixels")
    }
    try require((0...1).contains(minVisibility ?? 0), "--min-visibility must lie between 0 and 1")
    try require(maxAspect.map { $0 >= 1 && $0.isFinite } ?? true, "--max-aspect must be 1 or more")
    try require(splits.map { !Self.names($0).isEmpty } ?? true, "--splits names no part of the data set")
  }

  var treatment: LabelTreatment {
    var treatment = dataset.treatment
    treatment.outputFormat = labelOutput?.type.word
    (treatment.invalidBoxes, treatment.lostBoxes) = (invalidBoxes, onLostBoxes)
    (treatment.limits.minArea, treatment.limits.minVisibility) = (minArea, minVisibility)
    (treatment.limits.minWidth, treatment.limits.minHeight) = (minWidth, minHeight)
    (treatment.limits.maxAspect, treatment.isCompatible) = (maxAspect, compatibleVisibility)
    (treatment.flipPairs, treatment.splits) = (flipPairs, splits.map(Self.names))
    return treatment
  }

  private static func names(_ list: String) -> [String] { list.split(separator: ",").map(String.init) }
}

extension LabelTreatment.InvalidBoxes: ExpressibleByArgument {}
extension LabelTreatment.LostBoxes: ExpressibleByArgument {}

/// The name of a label format in the catalogue.
struct LabelFormatName: ExpressibleByArgument {
  let type: any LabelFormat.Type

  static var allValueStrings: [String] { LabelFormatCatalog.all.map { $0.word } }

  init?(argument: String) {
    guard let type = LabelFormatCatalog.type(named: argument) else { return nil }
    self.type = type
  }
}
