internal import Imaging

/// What an annotation says, element by element.
extension VOCWriter {
  /// Elements of an image that are made anew, or that are true of the source alone.
  private static let newOfImage = VOCAnnotation.Name.ofImage.union(["folder", "filename", "path", "segmented"])

  func write(_ output: OutputLabels, keeping fields: [LabelField], into text: inout XMLText) {
    text.write("folder", output.path.split(separator: "/").dropLast().last.map(String.init) ?? "")
    text.write("filename", output.path.lastPathComponent)
    for field in fields where !Self.newOfImage.contains(field.name) { write(field, of: output, into: &text) }
    text.write("size") { text in
      text.write("width", "\(output.shape.width)")
      text.write("height", "\(output.shape.height)")
      text.write("depth", "\(output.shape.channels)")
    }
    text.write(LabelField("segmented", fields["segmented"] ?? .flag(false)))
    for object in output.objects {
      text.write("object", attributesOf: object.fields) { text in write(object, of: output, into: &text) }
    }
  }

  /// Single values come before the box and trees behind it, because a reader may take the first `<bndbox>` that it finds.
  private func write(_ object: LabelledObject, of output: OutputLabels, into text: inout XMLText) {
    let fields = object.fields.filter { !VOCAnnotation.Name.ofObject.contains($0.name) }
    text.write("name", object.className)
    if fields["pose"] == nil { text.write("pose", "Unspecified") }
    for field in fields where !field.value.isTree { text.write(field) }
    text.write("truncated", isTruncated(object, in: output) ? "1" : "0")
    text.write("difficult", object.isDifficult ? "1" : "0")
    if object.isCrowd { text.write("iscrowd", "1") }
    write(object.box, into: &text)
    for field in fields where field.value.isTree { write(field, of: output, into: &text) }
    for part in object.parts { write(part, into: &text) }
  }

  private func write(_ part: LabelledObject, into text: inout XMLText) {
    text.write("part", attributesOf: part.fields) { text in
      text.write("name", part.className)
      write(part.box, into: &text)
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
  private func write(_ box: Box, into text: inout XMLText) {
    let size = pointwiseMax(box.size, Vertex(repeating: origin))
    let first = box.center - size / 2 + origin
    let last = box.center + size / 2
    text.write("bndbox") { text in
      text.write("xmin", Self.decimal(first.x))
      text.write("ymin", Self.decimal(first.y))
      text.write("xmax", Self.decimal(last.x))
      text.write("ymax", Self.decimal(last.y))
    }
  }

  /// A number of pixels, to a thousandth of one.
  private static func decimal(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    let (whole, rest) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1000)
    var text = "\(thousandths < 0 ? "-" : "")\(whole)"
    if rest == 0 { return text }
    text += ".\(String(1000 + rest).dropFirst())"
    while text.utf8.last == UInt8(ascii: "0") { text.removeLast() }
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
