package import Imaging

/// A labelled data set that is made from nothing, image by image.
package struct NewDataset: Sendable {
  private let format: any LabelFormat.Type
  private let writer: any LabelWriter
  private var written: [WrittenLabels] = []

  package init(_ format: any LabelFormat.Type, classNames: [String]) {
    self.format = format
    writer = format.writer(
      LabelWriterPlan(LabelSet([], classes: classNames.map { LabelClass($0) }), LabelOptions()))
  }

  /// Where an image lies, relative to the data set.
  package func imagePath(_ name: String) -> String { "\(format.imageFolder(of: nil))/\(name)" }

  /// The label file of an image, in formats that have one for each.
  package func labelFile(of name: String, _ shape: ImageShape, _ objects: [LabelledObject]) -> LabelFile? {
    writer.labelFile(of: labels(of: name, shape, objects))
  }

  /// Adds an image to the files of the whole set.
  package mutating func add(_ name: String, _ shape: ImageShape, _ objects: [LabelledObject]) {
    let labels = labels(of: name, shape, objects)
    written.append(WrittenLabels(path: labels.path, memberships: [], record: writer.record(of: labels)))
  }

  /// Writes the files of the whole set.
  package func finish(in folder: OutputFolder) throws { try writer.writeSetFiles(written, to: folder) }

  private func labels(of name: String, _ shape: ImageShape, _ objects: [LabelledObject]) -> OutputLabels {
    let path = imagePath(name)
    return OutputLabels(
      path: path, sourcePath: path, shape: shape, objects: objects, source: LabelledImage(file: path))
  }
}
