import Datasets
import Foundation
import Imaging
import Testing

/// What a label says beyond classes and boxes.
struct VOCFieldsTests {
  private static let file = """
    <annotation verified="yes">
    <folder>old</folder><filename>a.png</filename><path>/home/a.png</path>
    <source><database>Unknown &lt;3</database><image id="7">flickr</image></source>
    <size><width>64</width><height>48</height><depth>1</depth></size><segmented>1</segmented>
    <object id="4"><name>person</name><pose>Left</pose><occluded>1</occluded><truncated>1</truncated>
    <bndbox><xmin>1</xmin><ymin>11</ymin><xmax>10</xmax><ymax>20</ymax></bndbox><difficult>1</difficult>
    <part><name>head</name><bndbox><xmin>2</xmin><ymin>12</ymin><xmax>3</xmax><ymax>13</ymax></bndbox></part>
    <actions><jumping>0</jumping><running>1</running></actions><point><x>4</x><y>5</y></point></object>
    <note/>words between
    </annotation>
    """

  private func image() throws -> LabelledImage {
    try #require(try LabelFolder(["Annotations/a.xml": Self.file]).read().images.first)
  }

  @Test func everythingIsKept() throws {
    let image = try image()
    let source: [LabelField] = [
      LabelField("database", .text("Unknown <3")),
      LabelField("image", .object([LabelField("@id", .text("7")), LabelField("#text", .text("flickr"))])),
    ]
    #expect(
      image.fields == [
        LabelField("@verified", .text("yes")), LabelField("folder", .text("old")),
        LabelField("filename", .text("a.png")), LabelField("path", .text("/home/a.png")),
        LabelField("source", .object(source)), LabelField("segmented", .text("1")), LabelField("note", .text("")),
      ])
    let actions = [LabelField("jumping", .text("0")), LabelField("running", .text("1"))]
    let object = image.objects[0]
    #expect(
      object.fields == [
        LabelField("@id", .text("4")), LabelField("pose", .text("Left")), LabelField("occluded", .text("1")),
        LabelField("actions", .object(actions)),
        LabelField("point", .object([LabelField("x", .text("4")), LabelField("y", .text("5"))])),
      ])
    #expect(object.isDifficult && object.isTruncated == true && !object.isCrowd)
    #expect(object.parts == [LabelledObject("head", Box(Vertex(1, 11), Vertex(3, 13)))])
  }

  @Test func everythingComesBackFromAnImageThatHasNotMoved() throws {
    let image = try image()
    let shape = ImageShape(width: 64, height: 48, channels: 1)
    var output = OutputLabels(path: "JPEGImages/b.jpg", shape: shape, objects: image.objects, source: image)
    output.isUnmoved = true
    let folder = try LabelFolder()
    try folder.write([output], by: VOCLabels.writer(LabelWriterPlan(LabelSet([image]), LabelOptions())))
    let back = try #require(try folder.read()["JPEGImages/b.jpg"])
    #expect(back.objects == image.objects && back.size == image.size)
    let isNew: (LabelField) -> Bool = { ["folder", "filename", "path"].contains($0.name) }
    let kept = image.fields.filter { !isNew($0) && $0.name != "segmented" }
    #expect(back.fields.filter { !isNew($0) } == kept + [LabelField("segmented", .text("1"))])
    #expect(back.fields["folder"] == .text("JPEGImages") && back.fields["filename"] == .text("b.jpg"))
    #expect(back.fields["path"] == nil)
  }

  /// They would be false.
  @Test func placesInFieldsAreLeftOutWhereTheImageMayHaveMoved() throws {
    let image = try image()
    let shape = ImageShape(width: 64, height: 48, channels: 3)
    let output = OutputLabels(path: "JPEGImages/b.jpg", shape: shape, objects: image.objects, source: image)
    let writer = VOCLabels.writer(LabelWriterPlan(LabelSet([image]), LabelOptions()))
    let text = String(decoding: try #require(writer.labelFile(of: output)).bytes, as: UTF8.self)
    #expect(!text.contains("<point>") && text.contains("<actions>") && text.contains("<part>"))
    #expect(
      text.firstRange(of: "<bndbox>")?.lowerBound ?? text.endIndex < text.firstRange(of: "<part>")?.lowerBound
        ?? text.startIndex)
  }

  @Test func partsOfAnObjectFollowItsUnitAndScale() throws {
    var object = LabelledObject("a", Box(Vertex(0, 0), Vertex(1, 1)), unit: .shares)
    object.parts = [LabelledObject("b", Box(Vertex(0.5, 0), Vertex(1, 0.5)), unit: .shares)]
    let pixels = object.inPixels(of: ImageShape(width: 20, height: 10, channels: 3))
    #expect(pixels.parts == [LabelledObject("b", Box(Vertex(10, 0), Vertex(20, 5)))])
    #expect(pixels.scaled(by: 2).parts[0].box == Box(Vertex(10, -5), Vertex(30, 5)))
  }

  /// In the mirrored image, and in one that does not show them.
  @Test func partsFollowTheImage() throws {
    let folder = try LabelFolder(["Annotations/a.xml": Self.file])
    var treatment = LabelTreatment()
    treatment.source = .path(folder.path, format: "voc")
    let listing = FolderListing(folder: folder.path, images: [InputImage(path: "JPEGImages/a.jpg", format: .jpeg)])
    let dataset = try #require(try Dataset.find(treatment, in: listing))
    let shape = ImageShape(width: 64, height: 48, channels: 3)
    let labels = try SourceLabels(try DatasetPlan(dataset, treatment), of: 0, shape: shape)
    let mirrored = try labels.followed(through: [.geometry(.orientation(.mirror))]).objects
    #expect(mirrored.map(\.box) == [Box(Vertex(54, 10), Vertex(64, 20))])
    #expect(mirrored[0].parts == [LabelledObject("head", Box(Vertex(61, 11), Vertex(63, 13)))])
    let window = Rectangle(x: 5, y: 0, width: 50, height: 48)
    let cut = try labels.followed(through: [.geometry(.window(window))]).objects
    #expect(cut.map(\.box) == [Box(Vertex(0, 10), Vertex(5, 20))] && cut[0].parts.isEmpty)
  }

  @Test func aBrokenPartIsAFaultAndItsObjectIsRead() throws {
    let folder = try LabelFolder(["a.xml": Self.file.replacing("<xmin>2</xmin>", with: "<xmin>two</xmin>")])
    let objects = try #require(try folder.readWithFaults().images.first).objects
    #expect(objects.count == 1 && objects[0].parts.isEmpty)
    #expect(try folder.faults() == ["a.xml:7: must be a number, not \"two\""])
  }

  @Test(arguments: [("1", true), ("0", false), ("0.3", true), ("true", true), ("Yes", true), ("Unspecified", false)])
  func flagsOfOtherToolsAreUnderstood(text: String, expected: Bool) throws {
    let file = Self.file.replacing("<truncated>1<", with: "<truncated>\(text)<")
    let object = try #require(try LabelFolder(["a.xml": file]).read().images.first).objects[0]
    #expect(object.isTruncated == expected)
  }
}
