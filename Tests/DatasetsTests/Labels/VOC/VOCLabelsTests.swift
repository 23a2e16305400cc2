import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

struct VOCLabelsTests {
  private static func file(_ objects: String) -> String {
    "<annotation>\n<filename>x.jpg</filename>\n<size><width>64</width><height>48</height></size>\n\(objects)\n</annotation>"
  }

  private static func object(_ xmin: String, _ ymin: String, _ xmax: String, _ ymax: String) -> String {
    """
    <object><name> face </name><pose/>
    <bndbox><xmax>\(xmax)</xmax><xmin>\(xmin)</xmin><ymin>\(ymin)</ymin><ymax>\(ymax)</ymax></bndbox></object>
    """
  }

  /// Pixels are counted from 1, and the last one belongs to the box.
  @Test func aBoxReachesFromItsFirstPixelToItsLast() throws {
    let folder = try LabelFolder(["a.xml": Self.file(Self.object("1", "11", "10", "20.5"))])
    let labels = try folder.read()
    #expect(try labels.objects("a.jpg").map(\.box) == [Box(Vertex(0, 10), Vertex(10, 20.5))])
    #expect(labels.classNames == ["face"])
    #expect(labels.images[0].size == ImageSize(width: 64, height: 48))
  }

  /// As many tools write it.
  @Test func pixelsMayBeCountedFrom0() throws {
    var options = LabelOptions()
    options.vocOrigin = 0
    let folder = try LabelFolder(["a.xml": Self.file(Self.object("1", "11", "10", "20.5"))])
    let labels = try folder.readWithFaults(VOCLabels.self, "", options)
    #expect(try labels.objects("a.jpg").map(\.box) == [Box(Vertex(1, 11), Vertex(10, 20.5))])
  }

  @Test func anImageWithoutObjectsIsLabelledAndASizeOfZeroIsNone() throws {
    let folder = try LabelFolder([
      "a.xml": "<annotation/>", "b.xml": "<annotation><size><width>0</width><height>0</height></size></annotation>",
    ])
    let labels = try folder.read()
    #expect(labels.images.count == 2 && labels.images.allSatisfy { $0.size == nil && $0.objects.isEmpty })
  }

  @Test func entitiesOfXMLAndOtherEncodingsAreRead() throws {
    let folder = try LabelFolder()
    let text = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + Self.file(Self.object("1", "1", "2", "2"))
    let latin = text.replacing(" face ", with: "caf\u{E9} &amp; &#x41;").data(using: .isoLatin1)
    try folder.add("a.xml", try #require(latin))
    #expect(try folder.read().classNames == ["caf\u{E9} & A"])
  }

  @Test(arguments: [
    ("", "a.xml:1: is not XML: no element found"), ("plain text", "a.xml:1: is not XML: syntax error"),
    ("<annotation>\n<object>\n</annotation>", "a.xml:3: is not XML: mismatched tag"),
    ("<html></html>", "a.xml:1: has no <annotation>"),
    ("<annotation>\n\n<object></object></annotation>", "a.xml:3: has no <name>"),
    ("<annotation><object><name> </name></object></annotation>", "a.xml:1: an object without a class"),
    ("<annotation><object><name>a</name></object></annotation>", "a.xml:1: has no <bndbox>"),
    (file(object("nan", "1", "2", "2")), "a.xml:5: must be a number, not \"nan\""),
    (file(object("0x1", "1", "2", "2")), "a.xml:5: must be a number, not \"0x1\""),
    (file(object("", "1", "2", "2")), "a.xml:5: must be a number, not \"\""),
    (file(object("1", "1", "1e400", "2")), "a.xml:5: must lie between -1000000 and 1000000, not inf"),
    (file(object("5", "1", "2", "2")), "a.xml:5: a box that ends before it begins cannot be"),
    (
      "<annotation><size><width>-1</width><height>1</height></size></annotation>",
      "a.xml:1: the size of an image is two whole numbers"
    ),
    ("<annotation>&unknown;</annotation>", "a.xml:1: is not XML: undefined entity"),
  ])
  func aBrokenFileIsToldWithItsLine(text: String, expected: String) throws {
    #expect(try LabelFolder(["a.xml": text, "b.xml": "<annotation/>"]).error() == expected)
  }

  @Test func documentTypesAreRefusedBeforeAnythingExpands() throws {
    let entities = (1...9).map { "<!ENTITY e\($0) \"\(String(repeating: "&e\($0 - 1);", count: 10))\">" }
    let bomb = "<!DOCTYPE a [<!ENTITY e0 \"0123456789\">\(entities.joined())]>\n<annotation>&e9;</annotation>"
    let external = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">\n<annotation/>"
    for text in [bomb, external] {
      let error = try LabelFolder(["a.xml": text]).error()
      #expect(error == "a.xml:1: has a document type (<!DOCTYPE>), which labels do without")
    }
  }

  @Test func deepFilesAndThoseOfTooManyElementsAreRefused() throws {
    let deep = String(repeating: "<annotation>", count: 100_000)
    #expect(try LabelFolder(["a.xml": deep]).error() == "a.xml:1: is nested more than 64 levels deep")
    let wide = "<annotation>\(String(repeating: "<a/>", count: 1_000_000))</annotation>"
    #expect(try LabelFolder(["a.xml": wide]).error() == "a.xml:1: has more than 1000000 values")
  }

  @Test func aHugeFileIsRefusedUnread() throws {
    let folder = try LabelFolder(["a.xml": "", "b.xml": "<annotation/>"])
    let file = try FileHandle(forWritingTo: URL(filePath: folder.absolute("a.xml")))
    try file.truncate(atOffset: 1 << 40)
    #expect(folder.error() == "a.xml: is larger than 64 MiB")
  }

  @Test func aBrokenObjectIsAFaultAndTheRestIsRead() throws {
    let broken = Self.object("5", "1", "2", "2") + "\n<object/>\n"
    let file = Self.file(Self.object("1", "1", "2", "2") + "\n" + broken + Self.object("3", "3", "4", "4"))
    let folder = try LabelFolder(["Annotations/a.xml": file])
    let image = try #require(try folder.readWithFaults().images.first)
    #expect(image.objects.map(\.box) == [Box(Vertex(0, 0), Vertex(2, 2)), Box(Vertex(2, 2), Vertex(4, 4))])
    #expect(!image.isUnreadable && image.size != nil)
    #expect(
      try folder.faults() == [
        "Annotations/a.xml:7: a box that ends before it begins cannot be", "Annotations/a.xml:8: has no <name>",
      ])
  }

  @Test func aBrokenFileIsAFaultOfItsImageAndTheOthersAreRead() throws {
    let good = Self.file(Self.object("1", "1", "2", "2"))
    let folder = try LabelFolder(["a.xml": "<annotation><object>", "b.xml": good, "c.xml": "<html/>"])
    let set = try folder.readWithFaults()
    #expect(set.images.map(\.isUnreadable) == [true, false, true])
    #expect(set.images.map(\.labelFile) == ["a.xml", "b.xml", "c.xml"])
    #expect(set.objectCount == 1)
    #expect(try folder.faults() == ["a.xml:1: is not XML: no element found", "c.xml:1: has no <annotation>"])
  }

  @Test func aBrokenSizeIsAFaultAndTheObjectsAreRead() throws {
    let file = Self.file(Self.object("1", "1", "2", "2")).replacing("<width>64", with: "<width>6.5")
    let folder = try LabelFolder(["a.xml": file])
    let image = try #require(try folder.readWithFaults().images.first)
    #expect(image.size == nil && image.objects.count == 1)
    #expect(try folder.faults() == ["a.xml:3: the size of an image is two whole numbers"])
  }

  @Test(arguments: [
    ["pom.xml": "<project/>"], ["a.xml": "<annotations><image/></annotations>"], ["a.xml": "", "b.xml": "<annotation"],
    ["a/Annotations/list.xml": "<html/>", "other.xml": "<annotation/>"], ["a.txt": "<annotation/>"],
  ])
  func otherFilesOfXMLAreNoAnnotations(files: [String: String]) throws {
    let folder = try LabelFolder(files)
    #expect(try !VOCLabels.recognizes(LabelPlace(folder.path)))
  }

  @Test func annotationsAreRecognizedAmongOtherFilesAndInEveryEncoding() throws {
    let folder = try LabelFolder(["a.xml": "<project/>", "b.xml": "<?xml version='1.0'?><annotation verified='yes'/>"])
    #expect(try VOCLabels.recognizes(LabelPlace(folder.path)))
    let wide = try LabelFolder()
    try wide.add("a.xml", try #require("\u{FEFF}<annotation/>".data(using: .utf16LittleEndian)))
    #expect(try VOCLabels.recognizes(LabelPlace(wide.path)))
    #expect(try wide.read().images.count == 1)
  }

  @Test(arguments: ["Annotations/", "VOC/annotations/", "", "images/"])
  func annotationsLieInAFolderOfTheirsOrBesideTheImages(folder: String) throws {
    let set = try LabelFolder(["\(folder)x/a.xml": Self.file(Self.object("1", "1", "2", "2"))]).read()
    #expect(set.images.map(\.labelFile) == ["\(folder)x/a.xml"])
    #expect(try set.objects("JPEGImages/x/a.jpg").count == 1)
  }

  @Test(.enabled(if: SharedData.annotations != nil, "no annotated photographs beside the package"))
  func everyPhotographHasItsBoxes() throws {
    let labels = try LabelSet(reading: try #require(SharedData.annotations))
    let photographs = SharedData.files(in: SharedData.photographs)
    #expect(labels.classNames == ["raccoon"] && photographs.count == 200)
    for name in photographs {
      let labelled = try #require(labels[name])
      let size = try #require(labelled.size)
      #expect(!labelled.objects.isEmpty)
      for region in labelled.objects {
        #expect(region.box.lowerRight.x <= Double(size.width) && region.box.lowerRight.y <= Double(size.height))
      }
    }
  }
}
