/// YOLO: a text file for each image, with a line for each object: the number of its class, then its box (centre, width
/// and height), its outline, or its box and its points, in shares of the image.
///
/// A fifth number behind a box is the confidence of a detector, kept as a field. The four corners of a turned box are
/// an outline.
package enum YOLOLabels: LabelFormat {
  package static let name = "YOLO"
  package static let word = "yolo"

  package static func recognizes(_ place: LabelPlace) -> Bool { YOLOFiles(of: place).areRecognized }

  package static func read(_ place: LabelPlace, _ options: LabelOptions) throws(LabelError) -> LabelSet {
    let files = YOLOFiles(of: place).labels
    let found = try YOLOSettingsReader(of: place, labelFile: files.first)
    var reader = YOLOReader(place: place, settings: found.settings)
    var images: [LabelledImage] = []
    images.reserveCapacity(files.count)
    for file in files { images.append(try reader.image(file)) }
    var splits = YOLOSplits(YOLOImages(images, of: place, settingsFolder: found.folder), of: place)
    splits.read(found.settings)
    var set = LabelSet(splits.images.images, classes: found.settings.classes(upTo: reader.highestClass))
    (set.splits, set.fields, set.faults) = (splits.splits, found.settings.fields, splits.faults)
    return set
  }

  package static func imageFolder(of split: String?) -> String { split.map { "images/\($0)" } ?? "images" }

  package static func writer(_ plan: LabelWriterPlan) -> any LabelWriter { YOLOWriter(plan) }
}
