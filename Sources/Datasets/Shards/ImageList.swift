internal import Imaging
internal import Platform
internal import SystemPackage

/// A list of images, or of tars, that was made beforehand: a path a line, relative to the input folder, sorted by bytes.
/// It may be longer than the memory.
package struct ImageList: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Why a list cannot be used: a line and a sentence fragment.
  package struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
    package var path: String
    package var line: Int
    package var reason: String

    package var description: String { "\(path):\(line): \(reason)" }
  }

  /// Calls `body` for each image. Its format is the one that its name says; no file is looked at.
  /// - Returns: the number of lines that are not named like an image.
  /// - Throws: `Invalid`, or a `FileError`.
  func forEachImage(_ body: (InputImage) throws -> Void) throws -> Int {
    var otherCount = 0
    try forEachPath { path, _ in
      guard let format = ImageFormat(fileName: path) else { return otherCount += 1 }
      try body(InputImage(path: path, format: format))
    }
    return otherCount
  }

  private struct Enough: Error {}

  /// Whether the first line is named like a tar.
  package var beginsWithTar: Bool {
    get throws {
      var isTar = false
      do {
        try forEachPath { path, _ in
          isTar = InputTar(path: path) != nil
          throw Enough()
        }
      } catch is Enough {
      }
      return isTar
    }
  }

  /// All of them tars, by their names; none is looked at.
  func tars() throws -> [InputTar] {
    var tars: [InputTar] = []
    try forEachPath { path, number in
      guard let tar = InputTar(path: path) else {
        throw Invalid(path: self.path, line: number, reason: "not named like a tar")
      }
      tars.append(tar)
    }
    return tars
  }

  private func forEachPath(_ body: (_ path: String, _ line: Int) throws -> Void) throws {
    var (last, number) = ("", 0)
    try LineReader.forEachLine(of: FilePath(text: path)) { line, _ in
      number += 1
      let text = PathText.text(of: Array(line))
      if let reason = Self.fault(of: text, after: last) { throw Invalid(path: path, line: number, reason: reason) }
      last = text
      try body(text, number)
    }
  }

  /// A sentence fragment; `nil` if there is none.
  private static func fault(of path: String, after last: String) -> String? {
    if path.isEmpty { return "an empty line" }
    if path.utf8.first == UInt8(ascii: "/") || path.utf8.last == UInt8(ascii: "/") {
      return "not a path of a file, relative to the input"
    }
    if !PathText.isInner(path.utf8) { return "a path with //, . or .. in it" }
    if path.hasPrefix("\(RunRecord.folderName)/") { return "in a folder for the record of a run" }
    if !last.isEmpty, !last.precedes(path) { return "not sorted by bytes, or twice; try LC_ALL=C sort -u" }
    return nil
  }
}

extension ImageFormat {
  /// By the extension of a name, in any case.
  fileprivate init?(fileName: String) {
    guard let dot = fileName.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    self.init(fileExtension: String(fileName[fileName.utf8.index(after: dot)...]))
  }
}
