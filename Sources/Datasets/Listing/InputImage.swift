public import Imaging
internal import Platform

/// A file that is to be augmented: where it is, and what its first bytes say that it is.
public struct InputImage: Hashable, Sendable {
  /// Path relative to the input folder, as the text that `FilePath.text` makes of it.
  public var path: String
  /// What the content is, whatever the name.
  public var format: ImageFormat

  package init(path: String, format: ImageFormat) { (self.path, self.format) = (path, format) }

  /// The path as it decides draws: itself where it is text, or what stands for it where it is not.
  package var drawPath: String { String(validating: PathText.bytes(of: path), as: UTF8.self) ?? path }

  /// The name without its ending, and the ending; of a file whose ending is not that of its content, the whole name and
  /// the ending that the content should have, so that `a.jpg` and a JPEG called `a.png` are not written over each other.
  package var stemAndExtension: (stem: String, fileExtension: String) {
    let name = path.lastPathComponent
    if let dot = name.lastIndex(of: "."), dot > name.startIndex {
      let ending = String(name[name.index(after: dot)...])
      if ImageFormat(fileExtension: ending) == format { return (String(name[..<dot]), ending) }
    }
    return (name, format.fileExtensions[0])
  }
}

/// A file that will not be augmented, and why.
public struct FileProblem: Hashable, Sendable {
  /// Path relative to the input folder.
  public var path: String
  /// A sentence fragment.
  public var reason: String

  /// A problem with the file at `path`.
  public init(path: String, reason: String) { (self.path, self.reason) = (path, reason) }
}
