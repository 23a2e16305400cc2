import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

/// What is wrong in YOLO's files is told with its place, and nothing else is lost.
struct YOLOFaultTests {
  @Test(arguments: [
    ("0 0.5 0.5 0.1", "a.txt:2: must have 4 numbers behind the class, not 3"),
    ("0", "a.txt:2: must have 4 numbers behind the class, not 0"),
    ("0 .1 .1 .2 .2 .3 .3 .4", "a.txt:2: must have an x and a y for each of three or more corners, not 7 numbers"),
    ("0 nan 0.5 0.1 0.1", "a.txt:2: must be a number, not \"nan\""),
    ("0 inf 0.5 0.1 0.1", "a.txt:2: must be a number, not \"inf\""),
    ("0 1e400 0.5 0.1 0.1", "a.txt:2: must lie between -1 and 2, not inf"),
    ("0 320 240 10 10", "a.txt:2: must lie between -1 and 2, not 320"),
    ("0 0.5 0.5 -0.1 0.1", "a.txt:2: a box of the size -0.1 cannot be"),
    ("-1 0.5 0.5 0.1 0.1", "a.txt:2: a class must be a whole number, not \"-1\""),
    ("# face", "a.txt:2: a class must be a whole number, not \"#\""),
    ("1.5 0.5 0.5 0.1 0.1", "a.txt:2: a class must be a whole number, not \"1.5\""),
    ("65536 0.5 0.5 0.1 0.1", "a.txt:2: a class must be less than 65536, not 65536"),
    ("0 0.5 0.5 0.1 0.1 1.5", "a.txt:2: must lie between 0 and 1, not 1.5"),
    ("0 0.5 0.5 0.1 0,1", "a.txt:2: must be a number, not \"0,1\""),
    ("0 0.5 0.5 0.1 0.1\r0 0.5 0.5 0.1 0.1", "a.txt:2: must be a number, not \"0.1\\r0\""),
    ("face 0.5 0.5 0.1 0.1", "a.txt:2: a class must be a whole number, not \"face\""),
    (
      "99999999999999999999 0.5 0.5 0.1 0.1", "a.txt:2: a class must be a whole number, not \"99999999999999999999\""
    ),
  ])
  func aBrokenLineIsTold(line: String, expected: String) throws {
    #expect(try LabelFolder(["a.txt": "0 0.5 0.5 0.1 0.1\n\(line)\n"]).error() == expected)
  }

  @Test func aClassOutOfRangeIsTold() throws {
    let folder = try LabelFolder(["a.txt": "2 0.5 0.5 0.1 0.1", "classes.txt": "face\nplate"])
    #expect(folder.error() == "a.txt:1: the class 2 is none of the 2 in classes.txt")
  }

  @Test(arguments: [
    ("names: 3", "data.yaml:1: names: must be a list or an object, not 3"),
    ("names:\n- a\n- [b]", "data.yaml:3: names: must be a name, not a list of 1"),
    ("names: [a, b, a]", "data.yaml:1: names: the classes 0 and 2 are both called \"a\""),
    ("names: {70000: a}", "data.yaml:1: names: a class must be less than 65536, not 70000"),
    ("names: [a]\nkpt_shape: [17]", "data.yaml:2: kpt_shape: must be a number of points up to 1000, and 2 or 3"),
    ("names: [a]\nkpt_shape: [1, 4]", "data.yaml:2: kpt_shape: must be a number of points up to 1000, and 2 or 3"),
    ("names: [a]\nkpt_shape: [2, 3]\nflip_idx: [0, 0]", "data.yaml:3: flip_idx: must have each number of a point once"),
    ("names: [a]\nkpt_shape: [2, 3]\nflip_idx: [0]", "data.yaml:3: flip_idx: must have each number of a point once"),
    ("names: [a]\nflip_idx: [.5]", "data.yaml:2: flip_idx: must be a whole number, not 0.5"),
    ("names: [a]\ntrain: {x: y}", "data.yaml:2: train: must be a name, not an object"),
    (
      "kpt_names: {0: [x, y]}\nnames: [a]\nkpt_shape: [1, 3]",
      "data.yaml:1: kpt_names: must have at most 1 names, not 2"
    ),
    ("names:\n  x: a", "data.yaml:2: names: the class \"x\" has no number"),
    ("names: [a\n", "data.yaml:2: is neither JSON nor YAML: did not find expected ',' or ']'"),
    ("names: *b", "data.yaml:1: *b is used before a value is named &b"),
  ])
  func brokenNamesAreTold(text: String, expected: String) throws {
    #expect(try LabelFolder(["a.txt": "0 0.5 0.5 0.1 0.1", "data.yaml": text]).error() == expected)
  }

  /// What cannot be read of a line says nothing about the other lines.
  @Test func theOtherLinesOfABrokenFileAreRead() throws {
    let folder = try LabelFolder([
      "labels/a.txt": "0 .5 .5 .1 .1\n0 .5\nx\n0 .5 .5 .2 .2\n", "labels/b.txt": "0 .5 .5 .1 .1",
      "data.yaml": "names: [face]",
    ])
    let labels = try folder.readYOLO()
    let image = try #require(labels["a.jpg"])
    #expect(image.objects.count == 2 && !image.isUnreadable)
    #expect(image.faults.map(\.error.line) == [2, 3])
    #expect(labels["b.jpg"]?.faults.isEmpty == true)
  }

  @Test func aPoseOfTheWrongLengthIsTold() throws {
    let folder = try LabelFolder([
      "a.txt": "0 .5 .5 .1 .1 .5 .5", "b.txt": "0 .5 .5 .1 .1 .5 .5 .93", "data.yaml": "names: [a]\nkpt_shape: [1, 3]",
    ])
    let faults = try folder.readYOLO().images.flatMap(\.faults).map(\.error.reason.description)
    #expect(
      faults == [
        "must have 7 numbers behind the class, by kpt_shape, not 6", "a visibility must be 0, 1 or 2, not 0.93",
      ])
  }

  @Test func aFileThatIsNoTextIsAFaultOfItsImage() throws {
    let folder = try LabelFolder(["labels/b.txt": "0 .5 .5 .1 .1"])
    try folder.add("labels/a.txt", Data([0x30, 0xFF, 0xFE]))
    #expect(folder.error() == "labels/a.txt: is not text in UTF-8")
    let labels = try folder.readYOLO()
    #expect(labels["a.jpg"]?.isUnreadable == true && labels["b.jpg"]?.objects.count == 1)
  }

  @Test func aFileWithoutALabelInManyLinesIsNone() throws {
    let folder = try LabelFolder(["a.txt": "0 .5 .5 .1 .1\n" + String(repeating: "word\n", count: 200)])
    let image = try #require(try folder.readYOLO()["a.jpg"])
    #expect(image.isUnreadable && image.objects.isEmpty)
    #expect(image.faults.map(\.error.reason.description) == ["has more than 100 broken lines"])
  }

  @Test func aHugeFileIsRefusedUnread() throws {
    let folder = try LabelFolder(["labels/a.txt": "", "labels/b.txt": "0 .5 .5 .1 .1"])
    let file = try FileHandle(forWritingTo: URL(filePath: folder.absolute("labels/a.txt")))
    try file.truncate(atOffset: 1 << 40)
    #expect(folder.error() == "labels/a.txt: is larger than 16 MiB")
  }

  /// Whatever is changed in the files of a set, reading it ends, and says where what cannot be read lies.
  @Test func changedFilesAreReadOrTold() throws {
    var random = SeededGenerator(seed: 14)
    let files = [
      "data.yaml":
        "train: images/train\nval: [images/val]\nnames: {0: face, 1: plate}\nkpt_shape: [2, 3]\nflip_idx: [1, 0]\n",
      "labels/train/a.txt": "0 0.5 0.5 0.1 0.1 0.5 0.5 2 0 0 0\n1 0.5 0.5 1e-1 0.25 .5 .5 1 .5 .5 2 0.9\n",
      "labels/val/b.txt": "0 0.5 0.5 0.1 0.1\r\n", "train.txt": "./images/train/a.jpg\nimages/val/b.jpg\n",
      "images/train/a.jpg": "", "images/val/b.jpg": "", "images/val/c.jpg": "",
    ]
    let folder = try LabelFolder(files)
    let names = files.keys.filter { !$0.hasSuffix(".jpg") }.sorted()
    for _ in 0..<400 {
      let name = try #require(names.randomElement(using: &random))
      let text = Array(try #require(files[name]).utf8)
      // Many changes at once, as far as one does not hide the others.
      let repeatCount = name.hasSuffix("a.txt") ? 40 : 1
      try folder.add(name, Data((0..<repeatCount).flatMap { _ in Self.changed(text, &random) }))
      do {
        let labels = try folder.readYOLO()
        #expect(labels.images.flatMap(\.faults).allSatisfy { !$0.error.file.isEmpty })
        #expect(labels.splits.flatMap(\.members).allSatisfy { labels.images.indices.contains($0.image) })
      } catch let error as LabelError {
        #expect(error.file.hasSuffix("data.yaml"), "\(error)")
      }
      try folder.add(name, Data(text))
    }
  }

  private static func changed(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    let pieces = [
      " ", "\n", "-", "1e999", "nan", ".", "[", "]", "{", ":", "&a", "*a", "\0", "..", "/", "99999999999", "\u{FEFF}",
    ]
    for _ in 0...Int.random(in: 0..<3, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1 where place < bytes.count: bytes.removeSubrange(place..<min(bytes.count, place + 9))
      case 2: bytes.insert(contentsOf: bytes.prefix(place), at: place)
      default: bytes.insert(contentsOf: pieces.randomElement(using: &random)?.utf8 ?? "".utf8, at: place)
      }
    }
    return bytes
  }
}

extension LabelFolder {
  /// Reads all that can be read, whether or not the folder is recognized.
  func readYOLO() throws -> LabelSet { try YOLOLabels.read(try LabelPlace(path), LabelOptions()) }
}
