/// Reads the orientation from EXIF data. The input is untrusted: anything broken gives `.upright`.
package struct ExifReader {
  private static let orientationTag = 0x0112

  /// The orientation in `exif`, a TIFF structure as it follows "Exif\0\0" in a JPEG or fills the eXIf chunk of a PNG.
  /// Only the first directory counts, which is the image's; a second one describes the thumbnail.
  package static func orientation(in exif: [UInt8]) -> Orientation {
    guard let source = TIFFBytes(exif), let directory = source.firstDirectory,
      let entry = source.entry(tagged: orientationTag, at: directory), let number = source.number(of: entry)
    else { return .upright }
    return Orientation(rawValue: number) ?? .upright
  }
}

/// The directories of EXIF data, to be filtered and written again. The thumbnail's directory is not read.
package struct ExifTree {
  private enum Directory: CaseIterable {
    case image, exif, gps, interoperability
  }

  /// Tags whose entries hold the offset of another directory.
  private enum Pointer {
    static let exif = 0x8769
    static let gps = 0x8825
    static let interoperability = 0xA005
    static let all: Set<Int> = [exif, gps, interoperability]
  }

  /// Capacity of a JPEG segment after its length field and "Exif\0\0".
  package static let byteLimit = 65_527
  private static let headByteCount = 8

  private var source: TIFFBytes
  private var entries: [Directory: [TIFFBytes.Entry]] = [:]

  package init?(_ exif: [UInt8]) {
    guard let source = TIFFBytes(exif), let first = source.firstDirectory else { return nil }
    self.source = source
    guard read(.image, at: first) else { return nil }
    for (directory, parent, pointer) in [
      (Directory.exif, Directory.image, Pointer.exif), (.gps, .image, Pointer.gps),
      (.interoperability, .exif, Pointer.interoperability),
    ] {
      guard let entry = entries[parent]?.first(where: { $0.tag == pointer }), let place = source.number(of: entry)
      else { continue }
      guard read(directory, at: place) else { return nil }
    }
  }

  /// The directories of a TIFF file. Pointers among the entries are left out.
  init(
    isLittleEndian: Bool, image: [TIFFBytes.Entry], exif: [TIFFBytes.Entry], gps: [TIFFBytes.Entry],
    interoperability: [TIFFBytes.Entry]
  ) {
    source = TIFFBytes(isLittleEndian: isLittleEndian)
    entries = [.image: image, .exif: exif, .gps: gps, .interoperability: interoperability]
    self = keeping { _, _ in true }
  }

  private mutating func read(_ directory: Directory, at place: Int) -> Bool {
    entries[directory] = source.entries(at: place, limit: Self.byteLimit)
    return entries[directory] != nil
  }

  // MARK: Filtering

  /// Only the tags that define colour: transfer function, white point, primaries, colour space, gamma, and the
  /// interoperability tags by which "uncalibrated" means Adobe RGB.
  package var colorTags: ExifTree {
    let tags: [Directory: Set<Int>] = [
      .image: [0x012D, 0x013E, 0x013F], .exif: [0xA001, 0xA500], .interoperability: [0x0001, 0x0002],
    ]
    return keeping { tags[$0]?.contains($1) ?? false }
  }

  /// All tags except orientation and size, offsets into the source file, profile and XMP (stored elsewhere), and maker
  /// notes, which hold file offsets too and often an image.
  package var portableTags: ExifTree {
    let tags: [Directory: Set<Int>] = [
      .image: [
        0x0100, 0x0101, 0x0111, 0x0112, 0x0117, 0x0144, 0x0145, 0x014A, 0x0201, 0x0202, 0x02BC, 0x8773, 0xC634,
      ],
      .exif: [0x927C, 0xA002, 0xA003],
    ]
    return keeping { !(tags[$0]?.contains($1) ?? false) }
  }

  private func keeping(_ isKept: (Directory, Int) -> Bool) -> ExifTree {
    var tree = self
    for directory in Directory.allCases {
      tree.entries[directory]?.removeAll { Pointer.all.contains($0.tag) || !isKept(directory, $0.tag) }
    }
    return tree
  }

  // MARK: Serialization

  /// The tree as a TIFF structure. Empty if there are no entries or it exceeds `byteLimit`.
  package var bytes: [UInt8] {
    let directories = directories(at: Self.headByteCount)
    guard !directories.isEmpty, Self.headByteCount + directories.count <= Self.byteLimit else { return [] }
    return head(directoriesAt: Self.headByteCount) + directories
  }

  /// The first bytes of a TIFF structure.
  func head(directoriesAt offset: Int) -> [UInt8] {
    let mark: [UInt8] = source.isLittleEndian ? [0x49, 0x49] : [0x4D, 0x4D]
    return mark + source.bytes(of: 42, count: 2) + source.bytes(of: offset, count: 4)
  }

  /// The directories one after another, each followed by its values, as they lie at `offset`. Empty if there are no
  /// entries.
  func directories(at offset: Int) -> [UInt8] {
    let directories = linked
    var offsets: [Directory: Int] = [:]
    var end = offset
    for (directory, entries) in directories {
      offsets[directory] = end
      end += 2 + 12 * entries.count + 4 + entries.reduce(0) { $0 + Self.outside($1) }
    }
    return directories.reduce(into: []) { $0 += written($1.entries, at: offsets[$1.directory] ?? 0, offsets) }
  }

  /// The same with the numbers of its values in this byte order, and without pointers, which are made anew.
  package var littleEndian: ExifTree {
    var tree = keeping { _, _ in true }
    guard !source.isLittleEndian else { return tree }
    tree.source = TIFFBytes(isLittleEndian: true)
    for directory in Directory.allCases {
      tree.entries[directory] = tree.entries[directory]?.map { entry in
        var entry = entry
        entry.value = TIFFBytes.reversed(entry.value, numbersOf: TIFFBytes.numberByteCounts[entry.type] ?? 1)
        return entry
      }
    }
    return tree
  }

  /// The tree with further entries of the image, in place of those with the same tags.
  func adding(_ added: [TIFFBytes.Entry]) -> ExifTree {
    let tags = Set(added.map(\.tag))
    var tree = keeping { $0 != .image || !tags.contains($1) }
    tree.entries[.image, default: []] += added
    return tree
  }

  /// The directories to write, with placeholder pointers to each other. Entries are sorted by tag, as TIFF requires.
  private var linked: [(directory: Directory, entries: [TIFFBytes.Entry])] {
    var entries = entries.filter { !$0.value.isEmpty }
    guard !entries.isEmpty else { return [] }
    let pointer = { (tag: Int) in TIFFBytes.Entry(tag: tag, type: 4, count: 1, value: [0, 0, 0, 0]) }
    if entries[.interoperability] != nil { entries[.exif, default: []].append(pointer(Pointer.interoperability)) }
    if entries[.exif] != nil { entries[.image, default: []].append(pointer(Pointer.exif)) }
    if entries[.gps] != nil { entries[.image, default: []].append(pointer(Pointer.gps)) }
    return Directory.allCases.compactMap { directory in
      entries[directory].map { (directory, $0.sorted { $0.tag < $1.tag }) }
    }
  }

  /// Bytes that a value takes outside its entry: 0 if it fits, else padded, because values start at even offsets.
  private static func outside(_ entry: TIFFBytes.Entry) -> Int {
    entry.value.count > 4 ? (entry.value.count + 1) / 2 * 2 : 0
  }

  private func written(_ entries: [TIFFBytes.Entry], at start: Int, _ offsets: [Directory: Int]) -> [UInt8] {
    let targets: [Int: Directory] = [
      Pointer.exif: .exif, Pointer.gps: .gps, Pointer.interoperability: .interoperability,
    ]
    var directory = source.bytes(of: entries.count, count: 2)
    var values: [UInt8] = []
    for entry in entries {
      directory += source.bytes(of: entry.tag, count: 2) + source.bytes(of: entry.type, count: 2)
      directory += source.bytes(of: entry.count, count: 4)
      if let target = targets[entry.tag], let offset = offsets[target] {
        directory += source.bytes(of: offset, count: 4)
      } else if entry.value.count <= 4 {
        directory += entry.value + [UInt8](repeating: 0, count: 4 - entry.value.count)
      } else {
        directory += source.bytes(of: start + 2 + 12 * entries.count + 4 + values.count, count: 4)
        values += entry.value + (entry.value.count % 2 == 0 ? [] : [0])
      }
    }
    return directory + [0, 0, 0, 0] + values  // no further directory
  }
}

/// The bytes of a TIFF structure, as in EXIF and multi-picture JPEG: integers of either byte order and directories of
/// entries. The input is untrusted, so every access is bounds-checked.
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

  /// A structure without entries.
  init(isLittleEndian: Bool) {
    self.isLittleEndian = isLittleEndian
    bytes = []
  }

  /// One directory entry; `value` keeps the byte order of the structure.
  package struct Entry: Hashable {
    package var tag: Int
    package var type: Int
    package var count: Int
    package var value: [UInt8]
  }

  private static let entryByteCount = 12
  /// Bytes per element of each type code.
  static let typeByteCounts = [1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8]

  /// Bytes of the numbers that elements of more than a byte consist of: fractions have two.
  static let numberByteCounts = [3: 2, 4: 4, 5: 4, 8: 2, 9: 4, 10: 4, 11: 4, 12: 8]

  /// Numbers of `byteCount` bytes in the other byte order.
  static func reversed(_ bytes: [UInt8], numbersOf byteCount: Int) -> [UInt8] {
    bytes.indices.map { bytes[$0 / byteCount * byteCount + byteCount - 1 - $0 % byteCount] }
  }

  /// Offset of the first directory.
  package var firstDirectory: Int? { number(at: 4, byteCount: 4) }

  /// The entries of a directory; those whose values run past the end are left out. `nil` if entries and values exceed
  /// `limit` bytes in total: entries may share bytes and so claim more than the input holds.
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

  /// The first element of a SHORT or LONG entry; `nil` for other types.
  package func number(of entry: Entry) -> Int? {
    guard entry.count >= 1, entry.type == 3 || entry.type == 4 else { return nil }
    return number(in: entry.value[..<(entry.type == 3 ? 2 : 4)])
  }

  /// An unsigned integer; `nil` beyond the end.
  package func number(at offset: Int, byteCount: Int) -> Int? {
    guard offset >= 0, offset + byteCount <= bytes.count else { return nil }
    return number(in: bytes[offset..<offset + byteCount])
  }

  package func number(in digits: ArraySlice<UInt8>) -> Int {
    isLittleEndian
      ? digits.reversed().reduce(0) { $0 << 8 | Int($1) }
      : digits.reduce(0) { $0 << 8 | Int($1) }
  }

  /// The low `count` bytes of `number`, in the byte order of the structure.
  package func bytes(of number: Int, count: Int) -> [UInt8] {
    let digits = BigEndian.bytes(of: number, count: count)
    return isLittleEndian ? digits.reversed() : digits
  }
}
