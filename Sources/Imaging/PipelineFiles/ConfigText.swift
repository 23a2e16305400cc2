internal import Glibc

/// The text of a small file that a person wrote.
enum ConfigText {
  /// No pipeline is longer, and a wrong file is refused before it fills the memory.
  static let byteLimit = 1 << 20

  /// Reads the whole of `file`, which may also be a pipe.
  static func read(_ file: String) throws(PipelineError.Reason) -> String {
    try decode(bytes(of: file))
  }

  static func decode(_ bytes: [UInt8]) throws(PipelineError.Reason) -> String {
    guard bytes.count <= byteLimit else { throw .tooLarge(byteLimit: byteLimit) }
    guard !bytes.isEmpty else { throw .empty }
    // UTF-8 allows NUL, but no text holds it: it is the sign of a binary file.
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
    return text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
  }

  /// At most one byte more than the limit.
  private static func bytes(of file: String) throws(PipelineError.Reason) -> [UInt8] {
    let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(systemText()) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= byteLimit {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(systemText()) }
      guard count > 0 else { break }
      bytes += chunk.prefix(count)
    }
    return bytes
  }

  private static func systemText() -> String { unsafe String(cString: strerror(errno)) }
}
