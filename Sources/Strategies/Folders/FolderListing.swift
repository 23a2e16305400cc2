internal import Glibc
internal import Imaging

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
  public init(_ path: String) throws(FileError) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .last("open") }
    if status.st_mode & S_IFMT == S_IFDIR {
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
    var status = stat()
    guard unsafe lstat("\(folder)/\(path)", &status) == 0 else { return }  // it went away
    guard status.st_mode & S_IFMT == S_IFDIR else { return look(at: path) }
    do throws(FileError) {
      try list(path)
    } catch {
      problems.append(FileProblem(path: path, reason: error.description))
    }
  }

  private mutating func look(at path: String) {
    do throws(FileError) {
      var status = stat()
      guard unsafe stat("\(folder)/\(path)", &status) == 0 else { throw .last("open") }
      guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
      classify(path, FileKind(try InputFile.head("\(folder)/\(path)", count: FileKind.headCount)), Int(status.st_size))
    } catch {
      if path.isNamedLikeAnImage {
        problems.append(FileProblem(path: path, reason: error.description))
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
    guard let directory = unsafe opendir(path) else { throw .last("open") }
    defer { unsafe closedir(directory) }
    var names: [[UInt8]] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in unsafe [UInt8](bytes.prefix { $0 != 0 }) }
      if name != [UInt8](".".utf8) && name != [UInt8]("..".utf8) { names.append(name) }
    }
    return names
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
