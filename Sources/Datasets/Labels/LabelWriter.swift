package import Imaging

/// Writes labels in a format.
///
/// A writer is made once, before processes are forked, and never changes. Files of single images are written by the
/// process that makes the image; what belongs to the whole set by the main process, in the order of the tasks, so that
/// no byte depends on the number of processes.
package protocol LabelWriter: Sendable {
  /// Where the label file of an output image lies, in formats that have one for each image.
  func labelPath(of imagePath: String) -> String?

  /// The label file of an output, in formats that have one for each image.
  func labelFile(of output: OutputLabels) -> LabelFile?

  /// What a file of the whole set says about an output, in fragments without identifiers; empty in formats without
  /// such files. `writeSetFiles` gets them back.
  func record(of output: OutputLabels) -> [[UInt8]]

  /// Writes the files of the whole set, when all images are there.
  /// - Parameter outputs: in the order of the tasks; they may lie on the disk, and be iterated more than once.
  func writeSetFiles(_ outputs: some Sequence<WrittenLabels>, to sink: any LabelSink) throws
}

/// What a writer must know of the whole set.
package struct LabelWriterPlan: Codable, Hashable, Sendable {
  /// In the order of their numbers.
  package var classes: [LabelClass]
  /// What marks the objects of the source.
  package var kind: LabelKind
  /// Of the source.
  package var splits: [LabelSplit]
  /// Of a source that is not divided.
  package var whole: LabelSplit?
  /// Of the source.
  package var fields: [LabelField]
  package var options: LabelOptions
  /// Where the label file of an image lies; `nil`: where a data set of the format has it.
  package var placement: LabelPlacement?

  package init(_ set: LabelSet, _ options: LabelOptions, placement: LabelPlacement? = nil) {
    (classes, splits, whole, fields) = (set.classes, set.splits, set.whole, set.fields)
    kind = LabelKind(of: set)
    (self.options, self.placement) = (options, placement)
  }
}

/// The labels of an output image.
package struct OutputLabels: Sendable {
  /// The image, relative to the output folder.
  package var path: String
  /// Its source, relative to the input folder.
  package var sourcePath: String
  package var shape: ImageShape
  /// In pixels.
  package var objects: [LabelledObject]
  /// The labels of the source; `nil` if it has none.
  package var source: LabelledImage?
  /// Whether all pixels lie where they lie in the source, so that places named in fields hold.
  package var isUnmoved = false

  package init(
    path: String, sourcePath: String, shape: ImageShape, objects: [LabelledObject], source: LabelledImage?
  ) {
    (self.path, self.sourcePath, self.shape) = (path, sourcePath, shape)
    (self.objects, self.source) = (objects, source)
  }
}

/// A label file to write.
package struct LabelFile: Hashable, Sendable {
  /// Relative to the output folder.
  package var path: String
  package var bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) { (self.path, self.bytes) = (path, bytes) }
}

/// An output that is there, for the files of the whole set.
package struct WrittenLabels: Sendable {
  /// The image, relative to the output folder.
  package var path: String
  /// The splits that list its source, by index, and what they say behind its name.
  package var memberships: [Membership]
  /// From `LabelWriter.record`.
  package var record: [[UInt8]]

  package struct Membership: Hashable, Sendable {
    package var split: Int
    package var remark: String

    package init(split: Int, remark: String) { (self.split, self.remark) = (split, remark) }
  }

  package init(path: String, memberships: [Membership], record: [[UInt8]]) {
    (self.path, self.memberships, self.record) = (path, memberships, record)
  }
}

/// Where files of the whole set go.
package protocol LabelSink {
  /// Writes a file piece by piece. It appears under its name when `body` returns.
  /// - Parameter path: relative to the output folder.
  func write(_ path: String, _ body: (_ append: ([UInt8]) throws -> Void) throws -> Void) throws
}

/// Writes nothing: for a set that has masks alone.
struct NoLabelWriter: LabelWriter {
  func labelPath(of imagePath: String) -> String? { nil }
  func labelFile(of output: OutputLabels) -> LabelFile? { nil }
  func record(of output: OutputLabels) -> [[UInt8]] { [] }
  func writeSetFiles(_ outputs: some Sequence<WrittenLabels>, to sink: any LabelSink) throws {}
}
