internal import Imaging
package import Platform
internal import SystemPackage

/// Where label files lie: a folder, and the files in it and below that may be labels or images.
package struct LabelPlace: Sendable {
  /// As the user gave it.
  package let path: String
  /// The folder that the paths of `files` are relative to.
  package let folder: Folder
  /// Sorted by their bytes.
  package private(set) var files: [String] = []
  /// The files that are named like images, sorted by their bytes.
  package private(set) var imageFiles: [String] = []
  /// Whether the user gave one file rather than a folder.
  package let isFile: Bool

  /// Looks at a file or a folder.
  package init(_ path: String) throws(LabelError) {
    self.path = path
    do throws(FileError) {
      let file = FilePath(text: path)
      isFile = try Folder.working.status(of: file).type != .directory
      folder = try Folder(isFile ? (file.folder.isEmpty ? "." : file.folder) : file)
      if isFile { files = [path.lastPathComponent] } else { add(try folder.files(withExtensions: Self.allExtensions)) }
    } catch {
      throw LabelError(.unusable(error), in: path)
    }
  }

  /// The input folder.
  init(_ listing: FolderListing) throws(LabelError) {
    (path, folder, isFile) = (listing.input.path, listing.input.folder, false)
    do throws(FileError) {
      add(try listing.files(withExtensions: Self.allExtensions))
    } catch {
      throw LabelError(.unusable(error), in: path)
    }
  }

  private mutating func add(_ files: [String]) {
    for file in files {
      if file.hasExtension(of: FilePath.imageExtensions) { imageFiles.append(file) } else { self.files.append(file) }
    }
  }

  /// The files with this extension. If some lie in a folder of this name, only those: what else lies in a data set,
  /// such as a README.txt, is no label.
  package func files(_ fileExtension: String, preferringFolder name: String) -> [String] {
    let files = files.filter { $0.lowercased().hasSuffix(".\(fileExtension)") }
    let preferred = files.filter { $0.split(separator: "/").dropLast().contains { $0 == name } }
    return preferred.isEmpty ? files : preferred
  }

  /// A file as the user would name it.
  package func displayPath(_ file: String) -> String {
    guard !isFile else { return path }
    return path.hasSuffix("/") ? path + file : "\(path)/\(file)"
  }

  /// Reads a file of at most `limit` bytes.
  package func read(_ file: String, limit: Int) throws(LabelError) -> [UInt8] {
    do throws(FileError) {
      return try File.read(FilePath(text: file), in: folder, limit: limit)
    } catch {
      if case .tooLarge = error.cause { throw LabelError(.tooLarge(byteLimit: limit), in: displayPath(file)) }
      throw LabelError(.unusable(error), in: displayPath(file))
    }
  }

  /// The first bytes of a file, at most `count`; none if it cannot be read.
  func head(_ file: String, count: Int = headByteCount) -> [UInt8] {
    (try? File.head(FilePath(text: file), in: folder, count: count)) ?? []
  }

  /// The first bytes of a file as text, to see what it is.
  func headText(_ file: String) -> String { Self.withoutMark(String(decoding: head(file), as: UTF8.self)) }

  /// Reads a text file in UTF-8.
  package func text(_ file: String, limit: Int) throws(LabelError) -> String {
    try Self.text(try read(file, limit: limit), of: displayPath(file))
  }

  /// Reads a text file in UTF-8 that need not lie in this place; `nil` if there is none.
  static func text(at path: FilePath, limit: Int) throws(LabelError) -> String? {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try File.read(path, limit: limit)
    } catch {
      switch (error.cause, error.errno) {
      case (_, .noSuchFileOrDirectory): return nil
      case (.tooLarge, _): throw LabelError(.tooLarge(byteLimit: limit), in: path.text)
      default: throw LabelError(.unusable(error), in: path.text)
      }
    }
    return try text(bytes, of: path.text)
  }

  private static func text(_ bytes: [UInt8], of path: String) throws(LabelError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw LabelError(.notText, in: path) }
    return withoutMark(text)
  }

  /// Without a byte order mark.
  private static func withoutMark(_ text: String) -> String {
    text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
  }

  /// Adds the place to the reason why `body` fails.
  func located<Value>(
    _ file: String, line: Int? = nil, path: String = "", _ body: () throws(LabelError.Reason) -> Value
  ) throws(LabelError) -> Value {
    do throws(LabelError.Reason) {
      return try body()
    } catch {
      throw LabelError(error, in: displayPath(file), line: line, path: path)
    }
  }
}

extension LabelPlace {
  /// Enough for the first lines of a label.
  static let headByteCount = 4096
  static let extensions: Set = ["json", "xml", "txt"]
  private static let allExtensions = extensions.union(FilePath.imageExtensions)
}
