internal import Imaging

/// Writes a data set of Pascal VOC: an annotation for each image, and the lists of images.
///
/// VOC has whole numbers. Where the border of a box does not lie between pixels, decimals are written, because a box
/// would else move by up to half a pixel; readers of today take them.
struct VOCWriter: LabelWriter {
  private let splits: [LabelSplit]
  private let placement: LabelPlacement?
  /// The number of the first column and row.
  let origin: Double

  init(_ plan: LabelWriterPlan) {
    (splits, placement, origin) = (plan.splits, plan.placement, Double(plan.options.vocOrigin))
  }

  func labelPath(of imagePath: String) -> String? {
    placement(of: imagePath).path(of: imagePath, fileExtension: VOCLabels.fileExtension)
  }

  func labelFile(of output: OutputLabels) -> LabelFile? {
    // An annotation without objects would tell that there are none.
    guard let source = output.source, let path = labelPath(of: output.path) else { return nil }
    var text = XMLText()
    text.write("annotation", attributesOf: source.fields) { text in
      write(output, keeping: source.fields, into: &text)
    }
    return LabelFile(path: path, bytes: text.bytes)
  }

  func record(of output: OutputLabels) -> [[UInt8]] { [] }

  /// Goes through the outputs once, and once more for each list that names some of them.
  func writeSetFiles(_ outputs: some Sequence<WrittenLabels>, to sink: any LabelSink) throws {
    var used = Set<Int>()
    for output in outputs { used.formUnion(output.memberships.lazy.map(\.split)) }
    for list in VOCListFile.all(of: splits) where !list.splits.isDisjoint(with: used) {
      try sink.write(list.path) { append in
        var lines: [UInt8] = []
        for output in outputs {
          for membership in output.memberships where list.splits.contains(membership.split) {
            let remark = membership.remark.isEmpty ? "" : " \(membership.remark)"
            lines += "\(name(of: output.path))\(remark)\n".utf8
          }
          guard lines.count >= 1 << 16 else { continue }
          try append(lines)
          lines.removeAll(keepingCapacity: true)
        }
        try append(lines)
      }
    }
  }
}

extension VOCWriter {
  /// Where the annotation of an image lies: where the plan says; else in a folder beside that of the images.
  private func placement(of path: String) -> LabelPlacement {
    if let placement { return placement }
    let folders = Set(path.split(separator: "/").dropLast().map(String.init))
    guard let images = VOCLabels.imageFolders.first(where: folders.contains) else { return .beside }
    return .mirrored(images: images, labels: VOCLabels.annotationFolders[0])
  }

  /// An image in a list: its path in the folder of the images, without its extension.
  private func name(of path: String) -> String {
    guard case .mirrored(let images, _) = placement(of: path) else { return path.withoutExtension }
    let components = path.withoutExtension.split(separator: "/")
    let start = components.dropLast().lastIndex { $0 == images }.map { $0 + 1 } ?? 0
    return components[start...].joined(separator: "/")
  }
}
