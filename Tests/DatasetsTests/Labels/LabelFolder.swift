import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

/// Label files in a temporary folder.
struct LabelFolder {
  private let folder: TemporaryFolder

  init(_ files: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    for (path, text) in files { try add(path, Data(text.utf8)) }
  }

  var path: String { folder.path }

  func add(_ path: String, _ content: Data) throws {
    let file = folder.url.appending(path: path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try content.write(to: file)
  }

  func read(_ path: String = "") throws -> LabelSet { try LabelSet(reading: absolute(path)) }

  func absolute(_ path: String) -> String { path.isEmpty ? self.path : "\(self.path)/\(path)" }

  /// The error of reading, with paths relative to this folder.
  func error(_ path: String = "") -> String? {
    do {
      _ = try read(path)
      return nil
    } catch {
      return "\(error)".replacing("\(self.path)/", with: "").replacing(self.path, with: ".")
    }
  }
}

extension LabelSet {
  /// The one label of an image; `nil` if there is none or several.
  subscript(path: String) -> LabelledImage? {
    guard case .one(let labelled) = match(InputImage(path: path, format: .jpeg)) else { return nil }
    return labelled
  }

  /// The regions of an image that must be labelled.
  func objects(_ path: String) throws -> [LabelledObject] { try #require(self[path]).objects }
}
