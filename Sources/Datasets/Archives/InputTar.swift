package import Platform

/// A tar to work on, as a plan lists it: one by its name, as WebDataset's `train-000123.tar`, compressed or not.
package struct InputTar: Hashable, Sendable {
  /// Relative to the input folder, as made by `FilePath.text`.
  package let path: String
  /// Of the file when it was listed; `nil`: it may change.
  package let stamp: FileStamp?
  /// Path of the tar that comes of it, relative to the output folder: its own, but for what says that it is compressed.
  package let output: String

  /// - Returns: `nil` if it is not named like a tar.
  package init?(path: String, stamp: FileStamp? = nil) {
    guard let output = Self.output(of: path) else { return nil }
    (self.path, self.stamp, self.output) = (path, stamp, output)
  }

  private static let compressions: Set = ["gz", "bz2", "xz", "zst", "lz4"]
  private static let contractions: Set = ["tgz", "tbz2", "txz", "tzst", "tlz4"]

  private static func output(of path: String) -> String? {
    guard let (stem, ending) = parts(of: path) else { return nil }
    if ending == listedKind { return path }
    if contractions.contains(ending) { return "\(stem).\(listedKind)" }
    return compressions.contains(ending) && parts(of: stem)?.ending == listedKind ? stem : nil
  }

  /// A path without its extension, and that in lower case; `nil` if there is none, or nothing else in the name.
  private static func parts(of path: String) -> (stem: String, ending: String)? {
    guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")), dot > path.startIndex else { return nil }
    let stem = path[..<dot]
    guard stem.utf8.last != UInt8(ascii: "/") else { return nil }
    return (String(stem), path[path.utf8.index(after: dot)...].lowercased())
  }
}

extension InputTar: ListedFile {
  private static let listedKind = "tar"

  var kind: String { Self.listedKind }

  init?(path: String, stamp: FileStamp?, kind: String) {
    guard kind == Self.listedKind, PathText.isInner(text: path) else { return nil }
    self.init(path: path, stamp: stamp)
  }
}
