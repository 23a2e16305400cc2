package import Platform
internal import SystemPackage

/// Why a tar could not be read, or its files not be unpacked. Names are those in the tar, as text.
package enum TarError: Error, Hashable, Sendable {
  /// libarchive cannot be loaded; a sentence fragment from the loader.
  case noLibrary(String)
  case outOfMemory
  /// Of no format that is read.
  case noTar
  /// It stops without the mark that ends a tar.
  case noEnd
  /// Cut or broken, at or after an entry; how, in libarchive's words.
  case damaged(String, entry: String?)
  /// The system could not read it; its text.
  case unreadable(String)
  /// The file system that holds it is gone; the system's text.
  case lost(String)
  /// A name that leads out of the folder: absolute, or with `..`.
  case outside(entry: String)
  /// A name that is both that of a file and that of a folder.
  case fileAndFolder(entry: String)
  /// More bytes than the disk of the scratch folder has left.
  case tooLarge(entry: String, byteCount: Int, free: Int)
  /// A file of the tar could not be written.
  case unwritable(FileError)

  /// Whether the machine is short of something, so that a later try, or one elsewhere, may succeed.
  package var isShortage: Bool {
    switch self {
    case .outOfMemory, .tooLarge, .lost: true
    case .unwritable(let error): error.isShortage || error.isLoss
    default: false
    }
  }
}

extension TarError: CustomStringConvertible {
  /// A sentence fragment.
  package var description: String {
    switch self {
    case .noLibrary(let text): "tars cannot be read (\(text))"
    case .outOfMemory: "out of memory"
    case .noTar: "not a tar"
    case .noEnd: "cut off: it ends without the mark of the end of a tar"
    case .damaged(let text, let entry?): "damaged or cut off, at \(entry): \(text)"
    case .damaged(let text, nil): "damaged or cut off: \(text)"
    case .unreadable(let text), .lost(let text): "cannot read: \(text)"
    case .outside(let entry): "\(entry) leads out of the tar: names must be relative, and without '..'"
    case .fileAndFolder(let entry): "\(entry) is both a file and a folder, or lies in a file"
    case .tooLarge(let entry, let byteCount, let free):
      "\(entry) has \(byteCount) bytes, and the disk of the scratch folder has \(free) left"
    case .unwritable(let error): error.description
    }
  }
}
