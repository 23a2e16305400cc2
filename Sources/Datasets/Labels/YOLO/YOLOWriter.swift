internal import Imaging
internal import Platform
internal import SystemPackage

/// Writes a text file for each image, and `data.yaml`, with lists of images where folders do not tell the parts of the
/// set.
struct YOLOWriter: LabelWriter {
  private static let settingsName = "data.yaml"

  private let plan: LabelWriterPlan
  private let placement: LabelPlacement
  private let classNumbers: [String: Int]

  init(_ plan: LabelWriterPlan) {
    var plan = plan
    var names: Set<String> = []
    plan.classes.removeAll { !names.insert($0.name).inserted }  // a name is all that tells them apart here
    self.plan = plan
    placement = plan.placement ?? .mirrored(images: YOLOFiles.imageFolder, labels: YOLOFiles.labelFolder)
    classNumbers = Dictionary(uniqueKeysWithValues: plan.classes.enumerated().map { ($1.name, $0) })
  }

  func labelPath(of imagePath: String) -> String? {
    placement.path(of: imagePath, fileExtension: YOLOFiles.fileExtension)
  }

  /// An image without objects has an empty file; one whose labels nobody knows has none.
  func labelFile(of output: OutputLabels) -> LabelFile? {
    guard let source = output.source, !source.isUnreadable, let path = labelPath(of: output.path) else { return nil }
    let writer = YOLOLineWriter(kind: plan.kind, shape: output.shape, isYOLO: source.isOfYOLO)
    var bytes: [UInt8] = []
    for object in output.objects where !object.isCrowd {
      guard let number = classNumbers[object.className] else {
        preconditionFailure("an object of the class \(object.className), which the plan does not have")
      }
      writer.append(object, class: number, to: &bytes)
    }
    return LabelFile(path: path, bytes: bytes)
  }

  func record(of output: OutputLabels) -> [[UInt8]] { [] }

  func writeSetFiles(_ outputs: some Sequence<WrittenLabels>, to sink: any LabelSink) throws {
    var parts = YOLOPartsWriter(plan.splits)
    for output in outputs {
      parts.add(output, labelFile: placement.path(of: output.path, fileExtension: YOLOFiles.fileExtension))
    }
    for list in parts.lists {
      try sink.write(list.file) { append in
        for output in outputs where output.memberships.contains(where: { $0.split == list.split }) {
          // Readers take what follows the first two characters for a path from the folder of the list.
          try append(Array("./".utf8) + FilePath(text: output.path).bytes + [UInt8(ascii: "\n")])
        }
      }
    }
    let settings = try YOLOSettingsWriter(plan: plan, parts: parts.entries).document()
    try sink.write(Self.settingsName) { append in try append(settings) }
  }
}

extension LabelledImage {
  fileprivate var isOfYOLO: Bool { labelFile?.lowercased().hasSuffix(".\(YOLOFiles.fileExtension)") ?? false }
}
