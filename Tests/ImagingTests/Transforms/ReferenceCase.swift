import Foundation
import Imaging

/// One image that Albumentations has changed with fixed parameters.
struct ReferenceCase {
  let name: String
  let source: ImageShape
  let result: ImageShape
  private let folder: URL
  private let sourceFile: String
  private let resultFile: String
  private let values: [String: String]

  /// The cases that reference.py noted in `folder`.
  static func all(in folder: URL) throws -> [ReferenceCase] {
    let text = try String(contentsOf: folder.appendingPathComponent("cases.txt"), encoding: .utf8)
    return text.split(separator: "\n").compactMap { ReferenceCase(String($0), folder) }
  }

  private init?(_ line: String, _ folder: URL) {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    let sizes = fields.compactMap { Int($0) }
    guard fields.count == 9, sizes.count == 5 else { return nil }
    (name, sourceFile, resultFile, self.folder) = (fields[0], fields[1], fields[5], folder)
    source = ImageShape(width: sizes[0], height: sizes[1], channels: sizes[2])
    result = ImageShape(width: sizes[3], height: sizes[4], channels: sizes[2])
    let pairs = fields[8].split(separator: " ").map { $0.split(separator: "=").map(String.init) }
    values = Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
  }

  /// Name, shape and parameters, for messages.
  var title: String { "\(name) \(source.width)x\(source.height)x\(source.channels) \(values)" }

  /// Photograph, gradient or noise.
  var picture: String { String(sourceFile.prefix { $0.isLetter }) }

  /// The kernel that Albumentations has drawn, row by row; none for transforms that have none.
  func kernel() throws -> [Float] { values["kernel"] == nil ? [] : try values("kernel", of: Float.self) }

  func sourcePixels() throws -> PixelBuffer { Picture.of(source, try file(sourceFile)) }
  func resultBytes() throws -> [UInt8] { try file(resultFile) }

  func text(_ key: String) -> String { values[key] ?? "" }
  func number(_ key: String) -> Double { Double(text(key)) ?? .nan }
  func integer(_ key: String) -> Int { Int(text(key)) ?? -1 }
  func flag(_ key: String) -> Bool { text(key) == "True" }
  func numbers(_ key: String) -> [Double] { text(key).split(separator: ",").compactMap { Double($0) } }

  /// The array that was stored under the key.
  func values<Value: BitwiseCopyable>(_ key: String, of type: Value.Type) throws -> [Value] {
    let bytes = try file(text(key))
    return unsafe bytes.withUnsafeBytes { unsafe Array($0.bindMemory(to: type)) }
  }

  private func file(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
  }
}
