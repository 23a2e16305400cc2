import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

/// Files of any content are read without a trap, and what is read of them can be written.
struct COCOFuzzTests {
  private static let file = """
    {"info": {"year": 2017}, "images": [{"id": 7, "file_name": "a.jpg", "width": 64, "height": 48, "license": [1, 2.5]},
    {"id": "8", "file_name": "sub\\\\b.jpg"}], "annotations": [
    {"id": 1, "image_id": 7, "category_id": 1, "bbox": [1, 2.5, 3e0, 4], "area": 12, "iscrowd": 0,
    "segmentation": [[0, 0, 9.5, 0, 0, 9], [1, 1, 2, 1, 2, 2]], "attributes": {"a": [null, true, "\\u00e9"]}},
    {"id": 2, "image_id": "8", "category_id": 2, "segmentation": {"size": [5, 7], "counts": "a01a0"}, "iscrowd": 1},
    {"id": 3, "image_id": 7, "category_id": 2, "segmentation": {"size": [5, 7], "counts": [17, 1, 17]}},
    {"id": 4, "image_id": 7, "category_id": 1, "bbox": [0, 0, 9, 9], "keypoints": [1, 2, 2, 0, 0, 0], "truncated": 1,
    "parts": [{"name": "head", "bbox": [1, 2, 3, 4], "parts": []}]}],
    "categories": [{"id": 1, "name": "dog", "keypoints": ["nose", "tail"], "skeleton": [[1, 2]]},
    {"id": 2, "name": "cat", "supercategory": "x"}]}
    """
  private static let pieces = [
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "null", "true", "NaN", "-Infinity", "1e308",
    "-1e-400", "99999999999999999999", "0.1", "-", "\n", "\u{0}", "é", "\u{FEFF}", "[[]]", "{}", "[1,2,3,4,5,6]",
    "\"id\": 7,", "\"images\": [", "\"segmentation\": {\"counts\": \"\", \"size\": [0, 0]},", "\"bbox\": [1, 2, 3, 4],",
  ].map { Array($0.utf8) }

  private static func mutated(_ random: inout SeededGenerator) -> [UInt8] {
    var bytes = Array(file.utf8)
    for _ in 0..<Int.random(in: 1...2, using: &random) {
      let start = Int.random(in: 0..<bytes.count, using: &random)
      let range = start..<min(bytes.count, start + Int.random(in: 1...40, using: &random))
      switch Int.random(in: 0..<16, using: &random) {
      case 0: bytes[start] = .random(in: 0...255, using: &random)
      case 1: bytes.removeSubrange(range)
      case 2: bytes.insert(contentsOf: bytes[range], at: Int.random(in: 0...bytes.count, using: &random))
      case 3: bytes.replaceSubrange(range, with: pieces.randomElement(using: &random) ?? [])
      default: replaceValue(in: &bytes, from: start, &random)
      }
      if bytes.isEmpty { bytes = Array("{".utf8) }
    }
    return bytes
  }

  /// Replaces a number, a text or a word, so that the file mostly stays JSON.
  private static func replaceValue(in bytes: inout [UInt8], from start: Int, _ random: inout SeededGenerator) {
    let ends = Set(" ,:[]{}\n".utf8)
    guard let begin = bytes[start...].firstIndex(where: { !ends.contains($0) }) else { return }
    let end = bytes[begin...].firstIndex(where: { ends.contains($0) }) ?? bytes.count
    let values = ["7", "-3", "1e5", "2.5", "null", "[]", "{}", "[1, 2]", "\"x\"", "\"bbox\"", "true", "NaN"]
    bytes.replaceSubrange(begin..<end, with: Array((values.randomElement(using: &random) ?? "").utf8))
  }

  @Test func whateverIsReadComesBackTheSame() throws {
    var random = SeededGenerator(seed: 21)
    let (folder, again) = (try LabelFolder(), try LabelFolder())
    var readCount = 0
    for number in 0..<3000 {
      try folder.add("l.json", Data(Self.mutated(&random)))
      guard let set = try? folder.readWithFaults(COCOLabels.self, "l.json") else { continue }
      readCount += 1
      let text = try Self.text(set, again)
      let back = try again.readWithFaults(COCOLabels.self, "l.json")
      #expect(back.faults.isEmpty && back.images.allSatisfy(\.faults.isEmpty), "mutation \(number)")
      #expect(back.images.map(\.objects.count) == set.images.map(\.objects.count), "mutation \(number)")
      #expect(try Self.text(back, again) == text, "mutation \(number)")
    }
    #expect(readCount > 500)
  }

  private static func text(_ set: LabelSet, _ folder: LabelFolder) throws -> String {
    let outputs = set.images.map { image in
      let size = image.size ?? ImageSize(width: 7, height: 5)
      let shape = ImageShape(width: size.width, height: size.height, channels: 3)
      var output = OutputLabels(
        path: image.path, sourcePath: image.path, shape: shape, objects: image.objects, source: image)
      output.isUnmoved = true
      return output
    }
    try folder.write(outputs, by: COCOLabels.writer(LabelWriterPlan(set, LabelOptions())))
    return try folder.text("l.json")
  }
}
