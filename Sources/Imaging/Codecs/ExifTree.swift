/// The directories of EXIF data, to be written again without what no longer holds. The thumbnail has a directory of its
/// own, which is not read.
package struct ExifTree {
  private enum Directory: CaseIterable {
    case image, exif, gps, interoperability
  }

  /// Where one directory points to another.
  private enum Pointer {
    static let exif = 0x8769
    static let gps = 0x8825
    static let interoperability = 0xA005
    static let all: Set<Int> = [exif, gps, interoperability]
  }

  /// A segment of JPEG holds no more.
  package static let byteLimit = 65_527
  private static let headByteCount = 8

  private let source: TIFFBytes
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

  private mutating func read(_ directory: Directory, at place: Int) -> Bool {
    entries[directory] = source.entries(at: place, limit: Self.byteLimit)
    return entries[directory] != nil
  }

  // MARK: What is kept

  /// What says how the colours are meant: transfer function, white point, primaries; colour space and gamma; and the
  /// rules by which "uncalibrated" is Adobe RGB.
  package var colorTags: ExifTree {
    let tags: [Directory: Set<Int>] = [
      .image: [0x012D, 0x013E, 0x013F], .exif: [0xA001, 0xA500], .interoperability: [0x0001, 0x0002],
    ]
    return keeping { tags[$0]?.contains($1) ?? false }
  }

  /// All but orientation and size; offsets into the file that it stood in; a profile and XMP, which have places of their
  /// own; and the maker's notes, which hold offsets, too, and often a picture.
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

  // MARK: Written again

  /// The tree as a TIFF structure, directory after directory, each followed by its values; nothing where there are no
  /// entries, or too many bytes.
  package var bytes: [UInt8] {
    let directories = linked
    guard !directories.isEmpty else { return [] }
    var offsets: [Directory: Int] = [:]
    var end = Self.headByteCount
    for (directory, entries) in directories {
      offsets[directory] = end
      end += 2 + 12 * entries.count + 4 + entries.reduce(0) { $0 + Self.outside($1) }
    }
    guard end <= Self.byteLimit else { return [] }
    let mark: [UInt8] = source.isLittleEndian ? [0x49, 0x49] : [0x4D, 0x4D]
    let head = mark + source.bytes(of: 42, count: 2) + source.bytes(of: Self.headByteCount, count: 4)
    return directories.reduce(into: head) { $0 += written($1.entries, at: offsets[$1.directory] ?? 0, offsets) }
  }

  /// The directories that are written, with room for their pointers to each other; sorted by tag, as TIFF wants it.
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

  /// Bytes of a value that no entry holds; they begin at even places.
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
