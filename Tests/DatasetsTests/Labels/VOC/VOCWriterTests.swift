import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

struct VOCWriterTests {
  private static let shape = ImageShape(width: 64, height: 48, channels: 3)
  private static let source = LabelledImage(stemPath: "a")

  private static func writer(_ options: LabelOptions = LabelOptions(), placement: LabelPlacement? = nil)
    -> any LabelWriter
  { VOCLabels.writer(LabelWriterPlan(LabelSet([]), options, placement: placement)) }

  private static func text(
    _ objects: [LabelledObject], path: String = "JPEGImages/a.jpg", source: LabelledImage = source, origin: Int = 1
  ) throws -> String {
    var options = LabelOptions()
    options.vocOrigin = origin
    let output = OutputLabels(path: path, shape: shape, objects: objects, source: source)
    return String(decoding: try #require(writer(options).labelFile(of: output)).bytes, as: UTF8.self)
  }

  @Test func anAnnotationIsWrittenAsTheDevelopmentKitHasIt() throws {
    var object = LabelledObject("dog & cat", Box(Vertex(1, 2), Vertex(10.25, 20)))
    object.isDifficult = true
    #expect(
      try Self.text([object]) == """
        <annotation>
        \t<folder>JPEGImages</folder>
        \t<filename>a.jpg</filename>
        \t<size>
        \t\t<width>64</width>
        \t\t<height>48</height>
        \t\t<depth>3</depth>
        \t</size>
        \t<segmented>0</segmented>
        \t<object>
        \t\t<name>dog &amp; cat</name>
        \t\t<pose>Unspecified</pose>
        \t\t<truncated>0</truncated>
        \t\t<difficult>1</difficult>
        \t\t<bndbox>
        \t\t\t<xmin>2</xmin>
        \t\t\t<ymin>3</ymin>
        \t\t\t<xmax>10.25</xmax>
        \t\t\t<ymax>20</ymax>
        \t\t</bndbox>
        \t</object>
        </annotation>

        """)
  }

  @Test(arguments: [
    (0.0, "1", "0"), (0.0004, "1", "0.000"), (-0.5, "0.5", "-0.5"), (2.1, "3.1", "2.1"), (2.9996, "4", "3"),
    (7.0625, "8.063", "7.063"), (-3.25, "-2.25", "-3.25"),
  ])
  func onlyNumbersThatAreNotWholeHaveDecimals(value: Double, fromOne: String, fromZero: String) throws {
    let object = LabelledObject("a", Box(Vertex(value, value), Vertex(40, 40)))
    #expect(try Self.text([object]).contains("<xmin>\(fromOne)</xmin>"))
    let expected = fromZero == "0.000" ? "0" : fromZero
    #expect(try Self.text([object], origin: 0).contains("<ymin>\(expected)</ymin>"))
  }

  @Test(arguments: [0, 1])
  func boxesComeBackFromEitherOrigin(origin: Int) throws {
    var options = LabelOptions()
    options.vocOrigin = origin
    var random = SeededGenerator(seed: 5)
    let objects = (0..<200).map { _ in
      let corner = Vertex(.random(in: -5...60, using: &random), .random(in: -5...40, using: &random))
      return LabelledObject("a", Box(corner, corner + Vertex(.random(in: 0...20, using: &random), 7)))
    }
    let folder = try LabelFolder()
    let output = OutputLabels(path: "JPEGImages/a.jpg", shape: Self.shape, objects: objects, source: Self.source)
    try folder.write([output], by: Self.writer(options))
    let back = try folder.readWithFaults(VOCLabels.self, "", options).objects("a.jpg")
    #expect(back.count == objects.count)
    for (first, second) in zip(objects, back) {
      let difference = max(
        (first.box.upperLeft - second.box.upperLeft).magnitude, (first.box.lowerRight - second.box.lowerRight).magnitude
      )
      let isSmall = first.box.shorterSide < Double(origin)
      #expect(difference < (isSmall ? 0.501 : 0.00051))
    }
  }

  @Test(arguments: [
    (Box(Vertex(1, 1), Vertex(63, 47)), nil, false), (Box(Vertex(0, 1), Vertex(9, 9)), nil, true),
    (Box(Vertex(1, 0), Vertex(9, 9)), false, true), (Box(Vertex(1, 1), Vertex(64, 9)), false, true),
    (Box(Vertex(1, 1), Vertex(9, 48)), false, true), (Box(Vertex(1, 1), Vertex(9, 9)), true, true),
  ])
  func whatTouchesTheBorderOrWasCutBeforeIsTruncated(box: Box, before: Bool?, expected: Bool) throws {
    var object = LabelledObject("a", box)
    object.isTruncated = before
    #expect(try Self.text([object]).contains("<truncated>\(expected ? 1 : 0)</truncated>"))
  }

  @Test(arguments: [
    ("JPEGImages/a.jpg", nil, "Annotations/a.xml"), ("VOC/JPEGImages/x/a.b.jpg", nil, "VOC/Annotations/x/a.b.xml"),
    ("images/train/a.jpg", nil, "Annotations/train/a.xml"), ("a.jpg", nil, "a.xml"),
    ("JPEGImages.jpg", nil, "JPEGImages.xml"),
    ("images/a.jpg", LabelPlacement.mirrored(images: "images", labels: "annotations"), "annotations/a.xml"),
    ("images/a.jpg", LabelPlacement.beside, "images/a.xml"),
  ])
  func anAnnotationLiesWhereTheLayoutHasIt(image: String, placement: LabelPlacement?, expected: String) throws {
    let output = OutputLabels(path: image, shape: Self.shape, objects: [], source: Self.source)
    #expect(try #require(Self.writer(placement: placement).labelFile(of: output)).path == expected)
  }

  /// Else it would tell that there is nothing in the image.
  @Test func anImageWithoutLabelsGetsNoAnnotation() {
    let output = OutputLabels(path: "JPEGImages/a.jpg", shape: Self.shape, objects: [], source: nil)
    #expect(Self.writer().labelFile(of: output) == nil)
  }

  /// Fields of other formats have names and values that XML lacks.
  @Test func fieldsOfAnyNameAndValueGiveAFileThatCanBeRead() throws {
    let values: [LabelValue] = [
      .null, .flag(true), .number("1e-3"), .text("a\u{1}<]]>&\"\r\n\u{FFFF}b"), .list([.number("1"), .list([.null])]),
      .object([LabelField("#text", .text("t")), LabelField("@x", .text("<\n")), LabelField("@x", .number("1"))]),
      .object([]), .list([]),
    ]
    let names = ["", " ", "1a", "a b", "@a", "@ a", "#text", "é", "😀", "a:b", "<x>", "name", "size", "xml", "-"]
    var object = LabelledObject("\u{0}]]>\u{1F600}", Box(Vertex(1, 1), Vertex(2, 2)))
    for name in names { object.fields += values.map { LabelField(name, $0) } }
    var source = LabelledImage(stemPath: "a")
    source.fields = object.fields
    let folder = try LabelFolder(["Annotations/a.xml": try Self.text([object], source: source)])
    let image = try #require(try folder.read().images.first)
    #expect(image.objects.map(\.className) == ["\u{FFFD}]]>\u{1F600}"])
    #expect(image.fields.contains(LabelField("é", .text("a\u{FFFD}<]]>&\"\r\n\u{FFFD}b"))))
    #expect(
      image.fields.contains(LabelField("_a_b", .text("1e-3"))) && image.fields.contains(LabelField("_", .text("1"))))
  }

  @Test(.enabled(if: SharedData.annotations != nil, "no annotated photographs beside the package"))
  func annotationsOfPhotographsComeBackLineByLine() throws {
    let annotations = try #require(SharedData.annotations)
    let set = try LabelSet(reading: annotations)
    #expect(set.images.count == 200)
    for image in set.images {
      let size = try #require(image.size)
      let shape = ImageShape(width: size.width, height: size.height, channels: 3)
      guard case .text(let name) = image.fields["filename"] else { continue }
      var output = OutputLabels(path: "images/\(name)", shape: shape, objects: image.objects, source: image)
      output.isUnmoved = true
      let file = try #require(Self.writer().labelFile(of: output))
      let source = SharedData.bytes("\(image.stemPath).xml", in: annotations)
      #expect(Self.lines(file.bytes) == Self.lines(source), "\(image.path)")
    }
  }

  /// Without indentation, paths of other machines, and depths, which are not those of all images.
  private static func lines(_ file: [UInt8]) -> [String] {
    String(decoding: file, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty && !$0.hasPrefix("<path>") && !$0.hasPrefix("<depth>") }
  }
}

extension SIMD2<Double> {
  fileprivate var magnitude: Double { Swift.max(abs(x), abs(y)) }
}
