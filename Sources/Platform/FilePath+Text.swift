package import SystemPackage

/// Paths are bytes; text is for people, JSON and tables.
///
/// The text of a path is the path itself if that is UTF-8. A byte that is not part of UTF-8 is escaped as `\xE9`, and a
/// backslash before an `x` as `\x5C`, so that every path has exactly one text, which gives back the path.
extension FilePath {
  /// All bytes, including the separators.
  package var bytes: [UInt8] {
    unsafe withPlatformString { text in unsafe [UInt8](UnsafeRawBufferPointer(start: text, count: length)) }
  }

  /// The path of bytes, up to a NUL.
  package init(bytes: some Sequence<UInt8>) {
    unsafe self.init(platformString: bytes.map { CChar(bitPattern: $0) } + [0])
  }

  /// The path as unambiguous text.
  package var text: String { PathText.text(of: bytes) }

  /// The path that a text stands for.
  package init(text: String) { self.init(bytes: PathText.bytes(of: text)) }

  /// The parent folder; empty for a single name.
  package var folder: FilePath { removingLastComponent() }

  /// The last component as bytes; empty if there is none.
  package var name: [UInt8] { lastComponent.map { FilePath($0).bytes } ?? [] }

  /// Byte order, which is the same everywhere, unlike the order of `String`.
  package func precedes(_ other: FilePath) -> Bool { bytes.lexicographicallyPrecedes(other.bytes) }
}

extension FilePath {
  fileprivate init(_ component: Component) { self.init(root: nil, [component]) }
}

/// Converts bytes that may not be UTF-8 to text and back.
package enum PathText {
  private static let escape = Array(#"\x"#.utf8)
  private static let backslash = UInt8(ascii: "\\")

  package static func text(of bytes: [UInt8]) -> String {
    let isPlain = !bytes.contains(backslash) || !bytes.contains(subsequence: escape)
    if isPlain, let text = String(validating: bytes, as: UTF8.self) { return text }
    var text = ""
    var rest = bytes[...]
    while let first = rest.first {
      let isEscape = rest.starts(with: escape)
      let count = isEscape ? 0 : rest.scalarByteCount
      if count == 0 {
        text += #"\x"# + (first < 16 ? "0" : "") + String(first, radix: 16, uppercase: true)
        rest = rest.dropFirst()
      } else {
        text += String(decoding: rest.prefix(count), as: UTF8.self)
        rest = rest.dropFirst(count)
      }
    }
    return text
  }

  package static func bytes(of text: String) -> [UInt8] {
    let plain = Array(text.utf8)
    guard plain.contains(backslash) else { return plain }
    var bytes: [UInt8] = []
    var rest = plain[...]
    while let first = rest.first {
      let digits = rest.dropFirst(escape.count).prefix(2)
      if rest.starts(with: escape), digits.count == 2,
        let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        bytes.append(byte)
        rest = rest.dropFirst(escape.count + 2)
      } else {
        bytes.append(first)
        rest = rest.dropFirst()
      }
    }
    return bytes
  }
}

extension PathText {
  /// Whether a path leads to something below a folder and nowhere else: it is relative, and has neither empty parts nor
  /// `.` nor `..`.
  package static func isInner(_ path: some Sequence<UInt8>) -> Bool {
    var part = (count: 0, dots: 0)
    func isName() -> Bool { part.count > 2 || part.count > part.dots }
    for byte in path {
      switch byte {
      case UInt8(ascii: "/"):
        guard isName() else { return false }
        part = (0, 0)
      case UInt8(ascii: "."): part = (part.count + 1, part.dots + 1)
      default: part.count += 1
      }
    }
    return isName()
  }

  /// Whether a text is one that `text(of:)` makes, of such a path.
  package static func isInner(text: String) -> Bool {
    guard text.utf8.contains(backslash) else { return isInner(text.utf8) }
    let path = bytes(of: text)
    return isInner(path) && self.text(of: path) == text
  }
}

extension [UInt8] {
  fileprivate func contains(subsequence: [UInt8]) -> Bool {
    indices.contains { self[$0...].starts(with: subsequence) }
  }
}

extension ArraySlice<UInt8> {
  /// Bytes of the UTF-8 scalar at the start; 0 if there is none.
  fileprivate var scalarByteCount: Int {
    for count in 1...4 where count <= self.count {
      if String(validating: self.prefix(count), as: UTF8.self) != nil { return count }
    }
    return 0
  }
}
