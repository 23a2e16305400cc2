import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

struct RunLengthsTextTests {
  struct Case: Sendable {
    var width, height: Int
    var counts: [Int]
    var text: String
  }

  /// Made by pycocotools 2.0.11.
  static let cases = [
    Case(width: 4, height: 3, counts: [12], text: "<"), Case(width: 4, height: 3, counts: [0, 12], text: "0<"),
    Case(width: 7, height: 5, counts: [17, 1, 17], text: "a01a0"),
    Case(width: 7, height: 5, counts: [0, 1, 34], text: "01R1"),
    Case(width: 6, height: 4, counts: [0, 4, 4, 4, 4, 4, 4], text: "0440000"),
    Case(width: 3, height: 100_000, counts: [100_005, 99_985, 100_010], text: "UeQ3adQ3ZeQ3"),
    Case(
      width: 8, height: 6,
      counts: [1, 2, 2, 1, 2, 1, 1, 1, 4, 6, 1, 4, 4, 1, 1, 3, 1, 1, 3, 1, 1, 1, 1, 2, 1, 1],
      text: "122O00O035MN3MM20N20N0010O"),
  ]

  @Test(arguments: cases) func runsBecomeTextAndBackAsInCOCO(_ example: Case) throws {
    let runs = try #require(RunLengths(width: example.width, height: example.height, counts: example.counts))
    #expect(String(decoding: runs.compressed, as: UTF8.self) == example.text)
    #expect(RunLengths.counts(compressed: Array(example.text.utf8)) == example.counts)
  }

  @Test func anyRunsComeBack() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      let bound = 1 << Int.random(in: 1...34, using: &random)
      let counts = (0..<Int.random(in: 0...40, using: &random)).map { _ in Int.random(in: 0..<bound, using: &random) }
      let runs = try #require(RunLengths(width: counts.reduce(0, +), height: 1, counts: counts))
      #expect(RunLengths.counts(compressed: runs.compressed) == counts)
    }
  }

  @Test func anyTextIsReadOrRefused() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in UInt8.random(in: 40...120, using: &random) }
      let counts = RunLengths.counts(compressed: text)
      #expect(counts?.allSatisfy { $0 >= 0 } ?? true)
    }
    #expect(RunLengths.counts(compressed: Array("P".utf8)) == nil, "cut off")
    #expect(RunLengths.counts(compressed: Array("@".utf8)) == nil, "negative")
    #expect(RunLengths.counts(compressed: Array(repeating: UInt8(ascii: "P"), count: 20)) == nil, "too large")
  }

  @Test(.enabled(if: Pycocotools.isThere, "AUGMENT_PYTHON names no Python with pycocotools"))
  func anyRunsHaveTheTextThatPycocotoolsGivesThem() throws {
    var random = SeededGenerator(seed: 5)
    let all = try (0..<300).map { _ in
      let counts = (0..<Int.random(in: 1...30, using: &random)).map { _ in Int.random(in: 0...5000, using: &random) }
      return try #require(RunLengths(width: 1, height: counts.reduce(0, +), counts: counts))
    }
    let texts = try Pycocotools.texts(of: all)
    #expect(texts == all.map { String(decoding: $0.compressed, as: UTF8.self) })
    #expect(texts.map { RunLengths.counts(compressed: Array($0.utf8)) } == all.map(\.counts))
  }
}

/// The reference, run by the Python that AUGMENT_PYTHON names.
private enum Pycocotools {
  private static let python = ProcessInfo.processInfo.environment["AUGMENT_PYTHON"]

  static let isThere = python != nil && (try? run("import pycocotools.mask")) != nil

  private static let script = """
    import json, sys
    from pycocotools import mask
    for item in json.load(sys.stdin):
        height = sum(item)
        print(json.dumps(mask.frPyObjects({"size": [height, 1], "counts": item}, height, 1)["counts"].decode()))
    """

  static func texts(of all: [RunLengths]) throws -> [String] {
    let output = try run(script, input: JSONEncoder().encode(all.map(\.counts)))
    return try output.split(separator: "\n").map { try JSONDecoder().decode(String.self, from: Data($0.utf8)) }
  }

  private static func run(_ script: String, input: Data = Data()) throws -> String {
    let (process, standardInput, output) = (Process(), Pipe(), Pipe())
    process.executableURL = URL(filePath: try #require(python))
    process.arguments = ["-c", script]
    (process.standardInput, process.standardOutput) = (standardInput, output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: input)
    try standardInput.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    return String(decoding: data, as: UTF8.self)
  }
}
