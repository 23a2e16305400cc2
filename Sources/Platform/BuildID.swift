internal import SystemPackage

/// What tells the build of this program from others: the number that the linker has put into its file, which follows from
/// the content. Reading it costs nothing; a hash of the whole file would cost more than the start of the program.
package enum BuildID {
  /// Hexadecimal digits; of a file without a number, its hash.
  package static let ofThisProgram: String = {
    let file: FilePath = "/proc/self/exe"
    if let head = try? File.head(file, count: headByteCount), let number = number(in: head) { return number }
    return (try? File.read(file)).map { ContentHash(of: $0.span).description } ?? "unknown"
  }()

  /// Linkers put the notes behind the headers.
  private static let headByteCount = 8192

  /// The number in the first bytes of a file in the 64-bit ELF format of a little-endian machine; `nil` if there is none.
  package static func number(in head: [UInt8]) -> String? {
    guard head.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]), let table = head.word(at: 32, byteCount: 8),
      head.indices.contains(table), let size = head.word(at: 54, byteCount: 2),
      let count = head.word(at: 56, byteCount: 2)
    else { return nil }
    for header in (0..<count).lazy.map({ table + $0 * size }) {
      guard head.word(at: header, byteCount: 4) == noteSegment, let begin = head.word(at: header + 8, byteCount: 8),
        let length = head.word(at: header + 32, byteCount: 8), let end = sum(begin, length), end <= head.count
      else { continue }
      if let number = number(inNotes: head[begin..<end]) { return number }
    }
    return nil
  }

  /// PT_NOTE.
  private static let noteSegment = 4
  /// NT_GNU_BUILD_ID, of the owner GNU.
  private static let buildNote = 3, owner = Array("GNU\0".utf8)

  private static func number(inNotes notes: ArraySlice<UInt8>) -> String? {
    var rest = Array(notes)
    while let nameSize = rest.word(at: 0, byteCount: 4), let size = rest.word(at: 4, byteCount: 4),
      let kind = rest.word(at: 8, byteCount: 4)
    {
      let content = 12 + nameSize.roundedUpToWord
      let next = content + size.roundedUpToWord
      guard next <= rest.count else { return nil }
      if kind == buildNote, rest[12...].starts(with: owner) {
        return rest[content..<content + size].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      }
      rest.removeFirst(next)
    }
    return nil
  }

  private static func sum(_ left: Int, _ right: Int) -> Int? {
    let (sum, isOver) = left.addingReportingOverflow(right)
    return isOver || left < 0 || right < 0 ? nil : sum
  }
}

extension [UInt8] {
  /// A little-endian number; `nil` beyond the end.
  fileprivate func word(at offset: Int, byteCount: Int) -> Int? {
    guard offset >= 0, offset <= count - byteCount else { return nil }
    let bytes = self[offset..<offset + byteCount]
    return Int(truncatingIfNeeded: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}

extension Int {
  /// Notes are padded to four bytes.
  fileprivate var roundedUpToWord: Int { (self + 3) & ~3 }
}
