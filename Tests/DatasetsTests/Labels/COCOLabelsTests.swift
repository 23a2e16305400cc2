import Datasets
import Foundation
import Imaging
import Testing

struct COCOLabelsTests {
  private static func file(_ annotations: String, images: String = #"{"id": 7, "file_name": "sub/a.jpg"}"#) -> String {
    """
    {"info": {"year": 2017}, "images": [\(images)],
    "categories": [{"id": 1, "name": "face"}, {"id": 3, "name": "plate"}],
    "annotations": [\(annotations)]}
    """
  }

  private static func annotation(_ rest: String, image: String = "7", category: String = "1") -> String {
    "{\"id\": 1, \"image_id\": \(image), \"category_id\": \(category), \(rest)}"
  }

  @Test func boxesAndOutlinesAreRead() throws {
    let outline = #""segmentation": [[0, 0, 9.5, 0, 0, 9], [1, 1, 2, 1, 2, 2]]"#
    let folder = try LabelFolder([
      "l.json": Self.file(
        [
          Self.annotation(#""bbox": [1, 2, 3, 4.5], "iscrowd": 0"#),
          Self.annotation("\(outline), \"bbox\": [0, 0, 10, 10]", category: "3"), Self.annotation(outline),
        ].joined(separator: ","))
    ])
    let regions = try folder.read("l.json").objects("sub/a.jpg")
    let polygons = [[Vertex(0, 0), Vertex(9.5, 0), Vertex(0, 9)], [Vertex(1, 1), Vertex(2, 1), Vertex(2, 2)]]
    #expect(
      regions == [
        LabelledObject("face", Box(Vertex(1, 2), Vertex(4, 6.5))),
        LabelledObject("plate", Box(Vertex(0, 0), Vertex(10, 10)), polygons: polygons),
        LabelledObject("face", Box(Vertex(0, 0), Vertex(9.5, 9)), polygons: polygons),
      ])
  }

  @Test func runLengthsAreReadByTheirBox() throws {
    let text = Self.annotation(#""segmentation": {"counts": [1, 2], "size": [2, 2]}, "bbox": [1, 1, 1, 1]"#)
    let regions = try LabelFolder(["l.json": Self.file(text)]).read("l.json").objects("sub/a.jpg")
    #expect(regions == [LabelledObject("face", Box(Vertex(1, 1), Vertex(2, 2)))])
  }

  @Test func sizesAndTextualIdentifiersAreRead() throws {
    let images = #"{"id": "x", "file_name": "a.jpg", "width": 640, "height": 480}, {"id": 2, "file_name": "b.jpg"}"#
    let folder = try LabelFolder([
      "l.json": Self.file(Self.annotation(#""bbox": [0, 0, 1, 1]"#, image: "\"x\""), images: images)
    ])
    let labels = try folder.read("l.json")
    #expect(labels.images.map(\.size) == [ImageSize(width: 640, height: 480), nil])
    #expect(try labels.objects("a.jpg").count == 1 && labels.objects("b.jpg").isEmpty)
  }

  @Test(arguments: [
    ("", "l.json:1: is not JSON: it ends too early"), ("[]", "l.json: is not an object"),
    (#"{"images": 3}"#, "l.json: images: is not a list"),
    ("{\n\"images\": [\n}", "l.json:3: is not JSON: a value is missing"),
    (#"{"images": []}"#, "l.json: has no \"categories\""),
    (file(annotation(#""bbox": [1, 2, 3, 1e400]"#)), "l.json:3: is not JSON: \"1e400\" is no number"),
    (file(annotation(#""bbox": [1, 2, 3, NaN]"#)), "l.json:3: is not JSON: \"NaN\" is no number"),
    (file(annotation(#""bbox": [1, 2, "3", 4]"#)), "l.json: annotations[0].bbox[2]: is not a number"),
    (file(annotation(#""bbox": [1, 2, 3]"#)), "l.json: annotations[0].bbox: must have 4 numbers, not 3"),
    (file(annotation(#""bbox": [1, 2, -3, 4]"#)), "l.json: annotations[0].bbox: a box of the size -3 cannot be"),
    (
      file(annotation(#""bbox": [1, 2, 3, 1e300]"#)),
      "l.json: annotations[0].bbox: must lie between -1000000 and 1000000, not 1e+300"
    ),
    (file(annotation(#""bbox": []"#)), "l.json: annotations[0]: has no bbox and no segmentation of polygons"),
    (
      file(annotation(#""segmentation": [[1, 2, 3, 4, 5]]"#)),
      "l.json: annotations[0].segmentation[0]: must have an x and a y for each of three or more corners, not 5 numbers"
    ),
    (file(annotation(#""bbox": [1, 2, 3, 4]"#, image: "8")), "l.json: annotations[0].image_id: there is no such image"),
    (
      file(annotation(#""bbox": [1, 2, 3, 4]"#, image: "7.5")),
      "l.json: annotations[0].image_id: is not a whole number"
    ),
    (
      file(annotation(#""bbox": [1, 2, 3, 4]"#, category: "2")),
      "l.json: annotations[0].category_id: there is no such category"
    ),
    (
      file("", images: #"{"id": 1, "file_name": "a.jpg"}, {"id": 1, "file_name": "b.jpg"}"#),
      "l.json: images[1].id: the same as of another image"
    ),
    (
      file("", images: #"{"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "a.jpg"}"#),
      "l.json: images[1].file_name: the same as of another image"
    ),
    (
      file("", images: #"{"id": 1, "file_name": "a.jpg", "width": -3, "height": 5}"#),
      "l.json: images[0]: the size of an image is two whole numbers, not -3 x 5"
    ),
  ])
  func aBrokenFileIsToldWithItsPlace(text: String, expected: String) throws {
    #expect(try LabelFolder(["l.json": text]).error("l.json") == expected)
  }

  @Test func hostileFilesAreRefused() throws {
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(
      try LabelFolder(["l.json": deep]).error("l.json") == "l.json:1: is not JSON: nested more than 512 levels deep")
    let folder = try LabelFolder()
    let text = Self.file("", images: #"{"id": 1, "file_name": "é.jpg"}"#)
    try folder.add("l.json", try #require(text.data(using: .isoLatin1)))
    #expect(folder.error("l.json") == "l.json: is not text in UTF-8")
  }
}
