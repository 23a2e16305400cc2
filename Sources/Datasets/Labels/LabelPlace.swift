internal import Imaging
package import Platform
internal import SystemPackage

/// Where label files lie: a folder, and the files in it and below that may be labels.
package struct LabelPlace: Sendable {
  /// As the user gave it.
  package let path: String
  /// The folder that the paths of `files` are relative to.
  package let folder: Folder
  /// Sorted by their bytes.
  package private(set) var files: [String] = []
  private let isFile: Bool

  /// Looks at a file or a folder.
  package init(_ path: String) throws(LabelError) {
    self.path = path
    do throws(FileError) {
      let file = FilePath(text: path)
      isFile = try Folder.working.status(of: file).type != .directory
      folder = try Folder(isFile ? (file.folder.isEmpty ? "." : file.folder) : file)
      if isFile {
        files = [path.lastPathComponent]
      } else {
        files = try folder.files(withExtensions: Self.extensions)
      }
    } catch {
      throw LabelError(.unusable(error), in: path)
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

  /// Reads a text file in UTF-8.
  package func text(_ file: String, limit: Int) throws(LabelError) -> String {
    guard let text = String(validating: try read(file, limit: limit), as: UTF8.self) else {
      throw LabelError(.notText, in: displayPath(file))
    }
    return text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
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
  private static let extensions = ["xml", "txt"]
}
