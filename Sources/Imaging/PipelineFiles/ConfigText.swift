internal import Platform
internal import SystemPackage

/// The text of a small handwritten file.
enum ConfigText {
  /// More than any pipeline needs. A wrong file is rejected before it fills memory.
  static let byteLimit = 1 << 20

  /// Reads the whole of `file`, which may also be a pipe.
  static func read(_ file: String) throws(PipelineError.Reason) -> String {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try File.readToEnd(FilePath(text: file), limit: byteLimit)
    } catch {
      switch error.cause {
      case .tooLarge: throw .tooLarge(byteLimit: byteLimit)
      case .system(let errno): throw .unreadable(errno.description)
      default: throw .unreadable(error.reason)
      }
    }
    return try decode(bytes)
  }

  static func decode(_ bytes: [UInt8]) throws(PipelineError.Reason) -> String {
    guard bytes.count <= byteLimit else { throw .tooLarge(byteLimit: byteLimit) }
    guard !bytes.isEmpty else { throw .empty }
    // NUL is valid UTF-8, but it indicates a binary file.
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
    return text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
  }
}
