internal import Imaging
package import Platform
internal import SystemPackage

/// What lies in an input folder, in the order of the bytes of the relative paths.
///
/// A file is an image if it begins as one, whatever its name. One that is named like an image and is none, or is of a
/// kind that cannot be read, is a problem; any other file is passed over, as is what is hidden.
public struct FolderListing: Sendable {
  /// The folder that the paths are relative to.
  public let folder: String
  /// Files to work on.
  public private(set) var images: [InputImage] = []
  /// Files that look like images and cannot be worked on.
  public private(set) var problems: [FileProblem] = []
  /// Files that are no images and are not named like any, labels for instance.
  public private(set) var ignoredCount = 0

  /// Lists a folder and the folders in it, or a single file. Links to files are followed, links to folders are not.
  package init(_ path: String) throws(FileError) {
    if try Folder.working.status(of: FilePath(path)).type == .directory {
      folder = path
      try list("")
    } else {
      folder = path.parentPath ?? (path.utf8.first == UInt8(ascii: "/") ? "/" : ".")
      look(at: path.lastPathComponent)
    }
    images.sort { $0.path.precedes($1.path) }
    problems.sort { $0.path.precedes($1.path) }
  }

  /// A listing of images that are known already, in the order of their paths.
  package init(folder: String, images: [InputImage]) { (self.folder, self.images) = (folder, images) }

  private mutating func list(_ relative: String) throws(FileError) {
    for name in try Self.entries(of: relative.isEmpty ? folder : "\(folder)/\(relative)") {
      guard let name = String(validating: name, as: UTF8.self) else {
        problems.append(FileProblem(path: join(relative, escaped(name)), reason: "its name is not UTF-8"))
        continue
      }
      if name.hasPrefix(".") { continue }
      lookOrDescend(join(relative, name))
    }
  }

  private mutating func lookOrDescend(_ path: String) {
    guard let status = try? Folder.working.status(of: FilePath("\(folder)/\(path)"), followsLinks: false) else {
      return  // it went away
    }
    guard status.type == .directory else { return look(at: path) }
    do throws(FileError) {
      try list(path)
    } catch {
      problems.append(FileProblem(path: path, reason: error.reason))
    }
  }

  private mutating func look(at path: String) {
    do throws(FileError) {
      let file = FilePath("\(folder)/\(path)")
      // Before it is opened: whoever waits to write to a FIFO would take an open and a close for a reader that left.
      let status = try Folder.working.status(of: file)
      guard status.type == .regular else { throw FileError(.open, file, .notRegular) }
      classify(path, FileKind(try File.head(file, count: FileKind.headCount)), Int(status.size))
    } catch {
      if path.isNamedLikeAnImage {
        problems.append(FileProblem(path: path, reason: error.reason))
      } else {
        ignoredCount += 1
      }
    }
  }

  private mutating func classify(_ path: String, _ kind: FileKind, _ byteCount: Int) {
    if let format = kind.format {
      images.append(InputImage(path: path, format: format))
    } else if kind.isImage || path.isNamedLikeAnImage {
      let error = byteCount == 0 ? ImagingError.empty : .unsupported(kind.name)
      problems.append(FileProblem(path: path, reason: error.description))
    } else {
      ignoredCount += 1
    }
  }

  /// Names in a folder, as the bytes that they are, but for the folder itself and the one above.
  static func entries(of path: String) throws(FileError) -> [[UInt8]] {
    try Folder(FilePath(path)).names().map { FilePath(root: nil, [$0]).bytes }
  }
}

/// A name that is no text, so that no two look alike: what is not ASCII is written as in "\xE9.jpg".
private func escaped(_ name: [UInt8]) -> String {
  name.reduce(into: "") { text, byte in
    text += byte < 0x80 ? String(Unicode.Scalar(byte)) : "\\x" + String(byte, radix: 16, uppercase: true)
  }
}

private func join(_ folder: String, _ name: String) -> String { folder.isEmpty ? name : "\(folder)/\(name)" }

extension String {
  /// Order of the bytes, which is the same everywhere; that of `String` depends on the version of Unicode.
  func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }

  fileprivate var isNamedLikeAnImage: Bool {
    guard let dot = lastIndex(of: ".") else { return false }
    let endings = [
      "jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "webp", "tif", "tiff", "avif", "heic", "heif", "jp2", "jxl",
    ]
    return endings.contains(self[index(after: dot)...].lowercased())
  }
}

extension String {
  /// Everything before the last slash; `nil` where there is none or nothing before it.
  package var parentPath: String? {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")), slash > startIndex else { return nil }
    return String(self[..<slash])
  }

  /// What follows the last slash.
  package var lastPathComponent: String {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return self }
    return String(self[utf8.index(after: slash)...])
  }
}
