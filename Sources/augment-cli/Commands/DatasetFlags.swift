internal import ArgumentParser
internal import Datasets

/// Options that say where the labels and masks of a data set are.
struct DatasetFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Labels of the images: a COCO .json file, or a folder of Pascal VOC or YOLO files; none: use none. (default: those \
      that lie among the images)
      """, valueName: "path|none"), completion: .file())
  var labels: String?

  @Option(
    help: ArgumentHelp("Format of --labels. (default: recognised by names and contents)", valueName: "voc|coco|yolo"))
  var labelFormat: LabelFormatName?

  @Option(
    help: ArgumentHelp(
      "Number of the first column and row of pixels in Pascal VOC: 1, as its rules have it, or 0, as many tools write it.",
      valueName: "0|1"))
  var vocOrigin = 1

  @Option(
    help: ArgumentHelp(
      "Folder of mask images (PNG), named like the images. (default: that of the data set's own layout)",
      valueName: "folder"), completion: .directory)
  var masks: String?

  /// How a run would find the labels.
  var treatment: LabelTreatment {
    var treatment = LabelTreatment()
    switch labels {
    case nil: treatment.source = .input
    case "none"?: treatment.source = .none
    case let path?: treatment.source = .path(path, format: labelFormat?.type.word)
    }
    (treatment.options.vocOrigin, treatment.masks) = (vocOrigin, masks)
    return treatment
  }

  func validate() throws {
    guard (0...1).contains(vocOrigin) else { throw ValidationError("--voc-origin must be 0 or 1") }
    guard labels != "" else { throw ValidationError("--labels is empty; name a file or a folder") }
    guard masks != "" else { throw ValidationError("--masks is empty; name a folder") }
    guard labelFormat == nil || labels != nil else { throw ValidationError("--label-format needs --labels") }
  }
}
