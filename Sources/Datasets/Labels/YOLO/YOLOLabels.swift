internal import Imaging

/// YOLO: a text file for each image, with a line for each object: the number of its class, then its box (centre, width
/// and height) or its outline, in shares of the image.
///
/// A fifth number behind a box is the confidence of a detector, which is not kept.
package enum YOLOLabels: LabelFormat {
  package static let name = "YOLO"
  package static let word = "yolo"

  private static let fileExtension = "txt"
  private static let byteLimit = 64 << 20

  package static func recognizes(_ place: LabelPlace) -> Bool { !files(of: place).isEmpty }

  package static func read(_ place: LabelPlace, _ options: LabelOptions) throws(LabelError) -> LabelSet {
    let classes = try YOLOClasses(of: place)
    var images: [LabelledImage] = []
    for file in files(of: place) {
      let lines = try place.text(file, limit: byteLimit).split(omittingEmptySubsequences: false) { $0.isNewline }
      var image = LabelledImage(stemPath: file.withoutExtension)
      for (index, line) in lines.enumerated() {
        let words = line.split { $0 == " " || $0 == "\t" }
        if words.isEmpty { continue }
        image.objects.append(
          try place.located(file, line: index + 1) { () throws(LabelError.Reason) in try region(words, classes) })
      }
      images.append(image)
    }
    return LabelSet(images)
  }

  package static func imageFolder(of split: String?) -> String { split.map { "images/\($0)" } ?? "images" }

  package static func writer(_ plan: LabelWriterPlan) -> any LabelWriter { NoLabelWriter() }

  private static func files(of place: LabelPlace) -> [String] {
    place.files(fileExtension, preferringFolder: "labels").filter { $0.lastPathComponent != YOLOClasses.listName }
  }

  private static func region(
    _ words: [Substring], _ classes: YOLOClasses
  ) throws(LabelError.Reason) -> LabelledObject {
    let name = try classes.name(words[0])
    var numbers: [Double] = []
    for word in words.dropFirst() { numbers.append(try LabelNumber.parse(word, in: LabelNumber.shares)) }
    // Behind the box of a pose come its points, which would else be taken for an outline.
    if classes.areOfPoses, numbers.count > 5 { numbers.removeSubrange(4...) }
    switch numbers.count {
    case 4, 5: return LabelledObject(name, try box(numbers), unit: .shares)
    case 0...3: throw .value("must have 4 numbers behind the class, not \(numbers.count)")
    default:
      let corners = try LabelNumber.corners(numbers)
      return LabelledObject(name, Box(around: corners) ?? Box(.zero, .zero), polygons: [corners], unit: .shares)
    }
  }

  private static func box(_ numbers: [Double]) throws(LabelError.Reason) -> Box {
    let (center, size) = (Vertex(numbers[0], numbers[1]), Vertex(numbers[2], numbers[3]))
    try LabelNumber.checkSide(min(size.x, size.y))
    return Box(center - size / 2, center + size / 2)
  }
}
