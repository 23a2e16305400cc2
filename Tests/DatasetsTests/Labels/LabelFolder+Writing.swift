import Datasets
import Foundation
import Imaging

extension OutputLabels {
  /// Labels whose source has the path of the output.
  init(path: String, shape: ImageShape, objects: [LabelledObject], source: LabelledImage?) {
    self.init(path: path, sourcePath: path, shape: shape, objects: objects, source: source)
  }
}

extension LabelFolder {
  /// What lies there, with its faults.
  func readWithFaults(
    _ format: any LabelFormat.Type = VOCLabels.self, _ path: String = "", _ options: LabelOptions = LabelOptions()
  ) throws -> LabelSet {
    try format.read(LabelPlace(absolute(path)), options)
  }

  /// The faults of what lies there, with paths relative to this folder.
  func faults(_ format: any LabelFormat.Type = VOCLabels.self) throws -> [String] {
    let set = try readWithFaults(format)
    return (set.faults + set.images.flatMap(\.faults)).map { "\($0.error)".replacing("\(path)/", with: "") }
  }

  /// Writes all labels of a data set as a run does.
  /// - Parameter memberships: for each output; none if the set is not divided.
  func write(
    _ outputs: [OutputLabels], memberships: [[WrittenLabels.Membership]] = [], by writer: any LabelWriter
  ) throws {
    var written: [WrittenLabels] = []
    for (index, output) in outputs.enumerated() {
      if let file = writer.labelFile(of: output) { try add(file.path, Data(file.bytes)) }
      written.append(
        WrittenLabels(
          path: output.path, memberships: memberships.isEmpty ? [] : memberships[index],
          record: writer.record(of: output)))
    }
    try writer.writeSetFiles(written, to: FolderSink(folder: self))
  }

  func text(_ path: String) throws -> String { try String(contentsOfFile: absolute(path), encoding: .utf8) }
}

/// Writes files of a whole set into a folder.
private struct FolderSink: LabelSink {
  let folder: LabelFolder

  func write(_ path: String, _ body: (_ append: ([UInt8]) throws -> Void) throws -> Void) throws {
    var bytes: [UInt8] = []
    try body { bytes += $0 }
    try folder.add(path, Data(bytes))
  }
}
