internal import Imaging

/// Writes a data set of Pascal VOC: an annotation for each image, and the lists of images.
///
/// VOC has whole numbers. Where the border of a box does not lie between pixels, decimals are written, because a box
/// would else move by up to half a pixel; readers of today take them.
struct VOCWriter: LabelWriter {
  private let splits: [LabelSplit]
  private let placement: LabelPlacement?
  /// The number of the first column and row.
  private let origin: Double

  init(_ plan: LabelWriterPlan) {
    (splits, placement, origin) = (plan.splits, plan.placement, Double(plan.options.vocOrigin))
  }

  func labelPath(of imagePath: String) -> String? {
    placement(of: imagePath).path(of: imagePath, fileExtension: VOCLabels.fileExtension)
  }

  func labelFile(of output: OutputLabels) -> LabelFile? {
    guard let path = labelPath(of: output.path) else { return nil }
    var text = XMLText()
    text.write("annotation", attributesOf: output.source?.fields ?? []) { text in
      write(output, into: &text)
    }
    return LabelFile(path: path, bytes: Array(text.text.utf8))
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

extension VOCWriter {
  /// Elements of an image that are made anew, or that are true of the source alone.
  private static let newOfImage: Set = ["folder", "filename", "path", "segmented"]

  private func write(_ output: OutputLabels, into text: inout XMLText) {
    let fields = output.source?.fields ?? []
    let folder = output.path.split(separator: "/").dropLast().last.map(String.init) ?? ""
    text.write(LabelField("folder", .text(folder)))
    text.write(LabelField("filename", .text(output.path.lastPathComponent)))
    for field in fields where !VOCAnnotation.Name.ofImage.union(Self.newOfImage).contains(field.name) {
      write(field, of: output, into: &text)
    }
    let (width, height, depth) = (output.shape.width, output.shape.height, output.shape.channels)
    let sides = [("width", width), ("height", height), ("depth", depth)]
    text.write(LabelField("size", .object(sides.map { LabelField($0.0, .number("\($0.1)")) })))
    text.write(LabelField("segmented", fields["segmented"] ?? .flag(false)))
    for object in output.objects {
      text.write("object", attributesOf: object.fields) { text in write(object, of: output, into: &text) }
    }
  }

  /// Single values come before the box and trees behind it, because a reader may take the first `<bndbox>` that it finds.
  private func write(_ object: LabelledObject, of output: OutputLabels, into text: inout XMLText) {
    let fields = object.fields.filter { !VOCAnnotation.Name.ofObject.contains($0.name) }
    text.write(LabelField("name", .text(object.className)))
    if fields["pose"] == nil { text.write(LabelField("pose", .text("Unspecified"))) }
    for field in fields where !field.value.isTree { text.write(field) }
    text.write(LabelField("truncated", .flag(isTruncated(object, in: output))))
    text.write(LabelField("difficult", .flag(object.isDifficult)))
    if object.isCrowd { text.write(LabelField("iscrowd", .flag(true))) }
    text.write(box(object.box))
    for field in fields where field.value.isTree { write(field, of: output, into: &text) }
    for part in object.parts { write(part, into: &text) }
  }

  private func write(_ part: LabelledObject, into text: inout XMLText) {
    text.write("part", attributesOf: part.fields) { text in
      text.write(LabelField("name", .text(part.className)))
      text.write(box(part.box))
      for field in part.fields where !field.value.namesPlaces { text.write(field) }
      for part in part.parts { write(part, into: &text) }
    }
  }

  /// A field that is kept; one that names places holds only where nothing has moved.
  private func write(_ field: LabelField, of output: OutputLabels, into text: inout XMLText) {
    if output.isUnmoved || !field.value.namesPlaces { text.write(field) }
  }

  private func isTruncated(_ object: LabelledObject, in output: OutputLabels) -> Bool {
    if output.isUnmoved, let isTruncated = object.isTruncated { return isTruncated }
    let (box, sides) = (object.box, Vertex(Double(output.shape.width), Double(output.shape.height)))
    let touchesBorder = any(box.upperLeft .<= .zero) || any(box.lowerRight .>= sides)
    return touchesBorder || object.isTruncated == true
  }

  /// The first and the last pixel. A box that covers less than one is written as the one about its centre: else it
  /// would seem to end before it begins.
  private func box(_ box: Box) -> LabelField {
    let size = pointwiseMax(box.size, Vertex(repeating: origin))
    let first = box.center - size / 2 + origin
    let last = box.center + size / 2
    let sides = [("xmin", first.x), ("ymin", first.y), ("xmax", last.x), ("ymax", last.y)]
    return LabelField("bndbox", .object(sides.map { LabelField($0.0, .number(Self.decimal($0.1))) }))
  }

  /// A number of pixels, to a thousandth of one.
  private static func decimal(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    let (whole, rest) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1000)
    var text = "\(thousandths < 0 ? "-" : "")\(whole)"
    if rest == 0 { return text }
    text += ".\(String(1000 + rest).dropFirst())"
    while text.last == "0" { text.removeLast() }
    return text
  }
}

extension LabelValue {
  fileprivate var isTree: Bool {
    switch self {
    case .list, .numbers, .object: true
    default: false
    }
  }
}
