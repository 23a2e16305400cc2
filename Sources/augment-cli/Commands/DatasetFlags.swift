internal import ArgumentParser
internal import Datasets

/// Options that say where the labels and masks of a data set are.
struct DatasetFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Labels of the images: a COCO .json file, or a folder of Pascal VOC or YOLO files. (default: those in DATASET)
      """, valueName: "path"), completion: .file())
  var labels: String?

  @Option(
    help: ArgumentHelp("Format of the labels. (default: recognised by names and contents)", valueName: "voc|coco|yolo"))
  var labelFormat: LabelFormatName?

  @Option(
    help: ArgumentHelp(
      "Number of the first column and row of pixels in Pascal VOC: 1, as its rules have it, or 0.", valueName: "0|1"))
  var vocOrigin = 1

  @Option(
    help: ArgumentHelp(
      "Folder of mask images, named like the images. (default: that of the data set's own layout)",
      valueName: "folder"), completion: .directory)
  var masks: String?

  /// How a run would find the labels.
  var treatment: LabelTreatment {
    var treatment = LabelTreatment()
    if let labels { treatment.source = .path(labels, format: labelFormat?.rawValue) }
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
