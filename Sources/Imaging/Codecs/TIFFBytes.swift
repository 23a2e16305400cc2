/// The bytes of a TIFF structure, as EXIF and multi-picture JPEG have it: numbers in one of two orders, and directories of
/// entries. They come from strangers, so each access is checked.
package struct TIFFBytes {
  package let bytes: [UInt8]
  package let isLittleEndian: Bool

  package init?(_ bytes: [UInt8]) {
    switch bytes.prefix(4) {
    case [0x49, 0x49, 0x2A, 0x00]: isLittleEndian = true
    case [0x4D, 0x4D, 0x00, 0x2A]: isLittleEndian = false
    default: return nil
    }
    self.bytes = bytes
  }

  /// One entry of a directory, its value in the order of the structure.
  package struct Entry: Hashable {
    package var tag: Int
    package var type: Int
    package var count: Int
    package var value: [UInt8]
  }

  private static let entryByteCount = 12
  /// Bytes of each type of number, by its code.
  private static let typeByteCounts = [1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8]

  /// Where the first directory lies.
  package var firstDirectory: Int? { number(at: 4, byteCount: 4) }

  /// The entries of a directory whose values lie inside; those behind the end of the bytes are left out. `nil` where their
  /// values are more than `limit` bytes together: entries may share bytes, and so claim more than there are.
  package func entries(at directory: Int, limit: Int) -> [Entry]? {
    guard let count = number(at: directory, byteCount: 2) else { return [] }
    var entries: [Entry] = []
    var byteCount = 0
    for index in 0..<count {
      let place = directory + 2 + index * Self.entryByteCount
      guard place + Self.entryByteCount <= bytes.count else { break }
      guard let entry = entry(at: place) else { continue }
      byteCount += Self.entryByteCount + entry.value.count
      guard byteCount <= limit else { return nil }
      entries.append(entry)
    }
    return entries
  }

  /// The first entry of a directory with this tag.
  package func entry(tagged tag: Int, at directory: Int) -> Entry? {
    guard let count = number(at: directory, byteCount: 2) else { return nil }
    for index in 0..<count {
      let place = directory + 2 + index * Self.entryByteCount
      guard let found = number(at: place, byteCount: 2) else { return nil }
      if found == tag { return entry(at: place) }
    }
    return nil
  }

  private func entry(at place: Int) -> Entry? {
    guard let tag = number(at: place, byteCount: 2), let type = number(at: place + 2, byteCount: 2),
      let count = number(at: place + 4, byteCount: 4), let size = Self.typeByteCounts[type], count <= bytes.count,
      let start = size * count <= 4 ? place + 8 : number(at: place + 8, byteCount: 4),
      start + size * count <= bytes.count
    else { return nil }
    return Entry(tag: tag, type: type, count: count, value: [UInt8](bytes[start..<start + size * count]))
  }

  /// A whole number of an entry: the first of a short or a long.
  package func number(of entry: Entry) -> Int? {
    guard entry.count >= 1, entry.type == 3 || entry.type == 4 else { return nil }
    return number(in: entry.value[..<(entry.type == 3 ? 2 : 4)])
  }

  /// An unsigned number, or `nil` beyond the end.
  package func number(at offset: Int, byteCount: Int) -> Int? {
    guard offset >= 0, offset + byteCount <= bytes.count else { return nil }
    return number(in: bytes[offset..<offset + byteCount])
  }

  package func number(in digits: ArraySlice<UInt8>) -> Int {
    isLittleEndian
      ? digits.reversed().reduce(0) { $0 << 8 | Int($1) }
      : digits.reduce(0) { $0 << 8 | Int($1) }
  }

  /// A number in the order of the structure.
  package func bytes(of number: Int, count: Int) -> [UInt8] {
    let digits = BigEndian.bytes(of: number, count: count)
    return isLittleEndian ? digits.reversed() : digits
  }
}
