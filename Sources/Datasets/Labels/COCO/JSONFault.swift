internal import Imaging

/// Where a text stops being JSON with finite numbers, and why. The decoder only tells that it does.
struct JSONFault: Error, Equatable {
  /// From 1.
  var line: Int
  var text: String

  /// The first fault of a file; `nil` if there is none.
  init?(in bytes: [UInt8]) {
    var scanner = Scanner(bytes: bytes)
    do throws(Stop) {
      try scanner.document()
      return nil
    } catch {
      line = 1 + bytes.prefix(scanner.place).count { $0 == UInt8(ascii: "\n") }
      text = error.text
    }
  }

  private struct Stop: Error {
    var text: String
  }

  /// Follows the grammar and keeps nothing.
  private struct Scanner {
    private static let depthLimit = 512

    let bytes: [UInt8]
    var place = 0

    mutating func document() throws(Stop) {
      try value(depth: 0)
      skipSpace()
      if place < bytes.count { throw Stop(text: "there is more behind its end") }
    }

    private mutating func value(depth: Int) throws(Stop) {
      guard depth <= Self.depthLimit else { throw Stop(text: "nested more than \(Self.depthLimit) levels deep") }
      switch try next() {
      case UInt8(ascii: "{"):
        try items(end: "}", depth: depth) { scanner throws(Stop) in
          guard try scanner.next() == UInt8(ascii: "\"") else { throw Stop(text: "a key must be a text") }
          try scanner.string()
          guard try scanner.take(":") else { throw Stop(text: "a colon is missing") }
        }
      case UInt8(ascii: "["): try items(end: "]", depth: depth) { _ throws(Stop) in }
      case UInt8(ascii: "\""): try string()
      default: try word()
      }
    }

    /// The values of a list or an object, each behind what `begin` takes.
    private mutating func items(
      end: Unicode.Scalar, depth: Int, _ begin: (inout Scanner) throws(Stop) -> Void
    ) throws(Stop) {
      place += 1
      if try take(end) { return }
      repeat {
        try begin(&self)
        try value(depth: depth + 1)
      } while try take(",")
      guard try take(end) else { throw Stop(text: "a comma or \(end) is missing") }
    }

    private mutating func string() throws(Stop) {
      place += 1
      while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
        guard bytes[place] >= 0x20 else { throw Stop(text: "a text does not end on its line") }
        place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
      }
      guard place < bytes.count else { throw Stop(text: "a text does not end") }
      place += 1
    }

    /// A number, true, false or null.
    private mutating func word() throws(Stop) {
      let letters = bytes[place...].prefix { byte in
        Character(UnicodeScalar(byte)).isLetter || "0123456789+-.".utf8.contains(byte)
      }
      let word = String(decoding: letters, as: UTF8.self)
      guard !word.isEmpty else { throw Stop(text: "a value is missing") }
      if !["true", "false", "null"].contains(word) {
        let isDecimal = letters.allSatisfy("0123456789+-.eE".utf8.contains)
        guard isDecimal, let number = Double(word), number.isFinite else {
          throw Stop(text: "\(quoted(word)) is no number")
        }
      }
      place += letters.count
    }

    private mutating func take(_ scalar: Unicode.Scalar) throws(Stop) -> Bool {
      guard try next() == UInt8(ascii: scalar) else { return false }
      place += 1
      return true
    }

    /// The next byte that is no white space.
    private mutating func next() throws(Stop) -> UInt8 {
      skipSpace()
      guard place < bytes.count else { throw Stop(text: "it ends too early") }
      return bytes[place]
    }

    private mutating func skipSpace() {
      while place < bytes.count, " \t\r\n".utf8.contains(bytes[place]) { place += 1 }
    }
  }
}
