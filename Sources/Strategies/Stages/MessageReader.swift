/// Reads a message from another process, whose decoder may be in the wrong hands: any bytes at all give a value or an
/// error, never a trap, and nothing is allocated that is larger than the message.
package struct MessageReader {
  /// The bytes are not a message.
  package struct Malformed: Error {}

  private let bytes: [UInt8]
  private var place = 0

  package init(_ bytes: some Collection<UInt8>) { self.bytes = Array(bytes) }

  private var left: Int { bytes.count - place }

  package mutating func byte() throws(Malformed) -> UInt8 {
    guard left >= 1 else { throw Malformed() }
    defer { place += 1 }
    return bytes[place]
  }

  package mutating func word() throws(Malformed) -> UInt64 {
    guard left >= 8 else { throw Malformed() }
    defer { place += 8 }
    return bytes.word(at: place)
  }

  /// A number, by default one that can be added to a million others.
  package mutating func number(in range: ClosedRange<Int> = 0...1 << 40) throws(Malformed) -> Int {
    guard let number = Int(exactly: try word()), range.contains(number) else { throw Malformed() }
    return number
  }

  /// A number that is finite.
  package mutating func fraction() throws(Malformed) -> Double {
    let number = Double(bitPattern: try word())
    guard number.isFinite else { throw Malformed() }
    return number
  }

  /// How many things follow that have at least `size` bytes each.
  package mutating func count(ofAtLeast size: Int) throws(Malformed) -> Int { try number(in: 0...bytes.count / size) }

  package mutating func bytes(_ count: Int) throws(Malformed) -> [UInt8] {
    guard count <= left else { throw Malformed() }
    defer { place += count }
    return Array(bytes[place..<place + count])
  }

  /// All that is left.
  package mutating func rest() throws(Malformed) -> [UInt8] { try bytes(left) }

  /// A text up to its NUL.
  package mutating func text() throws(Malformed) -> String {
    guard let end = bytes[place...].firstIndex(of: 0) else { throw Malformed() }
    defer { place = end + 1 }
    return String(decoding: bytes[place..<end], as: UTF8.self)
  }

  /// Whether all has been read.
  package var isAtEnd: Bool { left == 0 }

  /// Reads a whole message.
  /// - Returns: `nil` if the bytes are none.
  package static func read<Message>(
    _ bytes: some Collection<UInt8>, _ body: (inout MessageReader) throws(Malformed) -> Message
  ) -> Message? {
    var reader = MessageReader(bytes)
    guard let message = try? body(&reader), reader.isAtEnd else { return nil }
    return message
  }
}

extension [UInt8] {
  mutating func append(word: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: word >> shift)) }
  }

  func word(at offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(self[offset + $1]) << UInt64(8 * $1) }
  }
}
