/// What the directories of a TIFF file say besides how its pixels are stored, which is left to libtiff. The input is
/// untrusted. Of a BigTIFF nothing is read.
struct TIFFDirectories {
  private enum Tag {
    static let kind = 0x00FE
    static let across = 0x011A
    static let down = 0x011B
    static let unit = 0x0128
    static let xmp = 0x02BC
    /// Lower ones are those of TIFF itself; the others belong to other standards or to makers.
    static let firstBeyondPixels = xmp
    static let exif = 0x8769
    static let colorProfile = 0x8773
    static let gps = 0x8825
    static let interoperability = 0xA005
    /// Those of the first directory that describe the picture, whatever file it is in: text and colours.
    static let portable: Set<Int> = [
      0x010E, 0x010F, 0x0110, 0x012D, 0x0131, 0x0132, 0x013B, 0x013E, 0x013F, 0x8298,
    ]
  }

  private struct Entry {
    var tag, type, count: Int
    /// Of its value.
    var offset, byteCount: Int
  }

  /// As EXIF data; empty if there are none.
  private(set) var exif: [UInt8] = []
  private(set) var xmp: [UInt8] = []
  private(set) var colorProfile: [UInt8] = []
  private(set) var density: PixelDensity?
  /// Images that are not smaller versions of others.
  private(set) var imageCount = 1
  /// Whether the file ends inside the first directory, or before a value of it that pixels may depend on.
  private(set) var isCut = false
  /// Whether it ends before another value.
  private(set) var lacksValues = false

  private let bytes: FileBytes
  private let isLittleEndian: Bool

  /// More than any profile or XMP in practice.
  private static let byteLimit = 8 << 20
  /// Of directories, and of the entries of one; those of a hostile file may form a circle.
  private static let countLimit = 1 << 12

  init(_ bytes: FileBytes) {
    self.bytes = bytes
    isLittleEndian = bytes.holds("II", at: 0)
    guard number(2, at: 2) == 42 else { return }
    guard let first = number(4, at: 4), let end = end(ofDirectoryAt: first) else {
      isCut = true
      return
    }
    let entries = entries(at: first)
    let lost = entries.filter { $0.offset + $0.byteCount > bytes.count }
    isCut = end > bytes.count || lost.contains { $0.tag < Tag.firstBeyondPixels }
    lacksValues = !lost.isEmpty
    xmp = value(Tag.xmp, of: entries)
    colorProfile = value(Tag.colorProfile, of: entries)
    density = density(entries)
    exif = exif(entries)
    imageCount = countImages(from: first)
  }

  /// An unsigned integer; `nil` beyond the end.
  private func number(_ byteCount: Int, at offset: Int) -> Int? {
    guard !isLittleEndian else { return bytes.little(byteCount, at: offset) }
    return bytes.copy(byteCount, at: offset).map { BigEndian.number($0) }
  }

  private func end(ofDirectoryAt offset: Int) -> Int? { number(2, at: offset).map { offset + 2 + 12 * $0 + 4 } }

  private func entries(at directory: Int, limit: Int = countLimit) -> [Entry] {
    let count = min(number(2, at: directory) ?? 0, limit)
    return (0..<count).compactMap { index in
      let place = directory + 2 + 12 * index
      guard let tag = number(2, at: place), let type = number(2, at: place + 2), let count = number(4, at: place + 4),
        let size = TIFFBytes.typeByteCounts[type]
      else { return nil }
      let byteCount = size * count
      guard let offset = byteCount <= 4 ? place + 8 : number(4, at: place + 8) else { return nil }
      return Entry(tag: tag, type: type, count: count, offset: offset, byteCount: byteCount)
    }
  }

  /// The bytes of a value; none if there is no such tag.
  private func value(_ tag: Int, of entries: [Entry]) -> [UInt8] {
    guard let entry = entries.first(where: { $0.tag == tag }), entry.byteCount <= Self.byteLimit else { return [] }
    return bytes.copy(entry.byteCount, at: entry.offset) ?? []
  }

  /// The first number of an entry.
  private func number(_ tag: Int, of entries: [Entry]) -> Int? {
    guard let entry = entries.first(where: { $0.tag == tag }), entry.count > 0 else { return nil }
    return entry.type == 3 || entry.type == 4 ? number(entry.type == 3 ? 2 : 4, at: entry.offset) : nil
  }

  private func density(_ entries: [Entry]) -> PixelDensity? {
    let sides = [Tag.across, Tag.down].compactMap { tag -> Int? in
      guard let entry = entries.first(where: { $0.tag == tag }), entry.type == 5, entry.count > 0,
        let dividend = number(4, at: entry.offset), let divisor = number(4, at: entry.offset + 4), divisor > 0
      else { return nil }
      return (2 * dividend + divisor) / (2 * divisor)
    }
    guard sides.count == 2, sides[0] > 0, sides[1] > 0 else { return nil }
    let units: [Int: PixelDensity.Unit] = [1: .aspect, 2: .inch, 3: .centimetre]
    let density = PixelDensity(units[number(Tag.unit, of: entries) ?? 2] ?? .inch, sides[0], sides[1])
    return density.isPlain ? nil : density
  }

  /// The entries of a directory for EXIF data. Those whose values run past the end, or are large, are left out. `nil` if
  /// they are too large together: entries may share bytes, and so stand for far more than the file holds.
  private func portable(_ entries: [Entry]) -> [TIFFBytes.Entry]? {
    let fitting = entries.filter { $0.byteCount <= ExifTree.byteLimit && $0.offset + $0.byteCount <= bytes.count }
    guard fitting.reduce(0, { $0 + $1.byteCount }) <= ExifTree.byteLimit else { return nil }
    return fitting.compactMap { entry in
      bytes.copy(entry.byteCount, at: entry.offset).map {
        TIFFBytes.Entry(tag: entry.tag, type: entry.type, count: entry.count, value: $0)
      }
    }
  }

  private func exif(_ entries: [Entry]) -> [UInt8] {
    let below = { (tag: Int, parent: [Entry]) in self.number(tag, of: parent).map { self.entries(at: $0) } ?? [] }
    let camera = below(Tag.exif, entries)
    guard let image = portable(entries.filter { Tag.portable.contains($0.tag) }), let exif = portable(camera),
      let gps = portable(below(Tag.gps, entries)),
      let interoperability = portable(below(Tag.interoperability, camera))
    else { return [] }
    return ExifTree(
      isLittleEndian: isLittleEndian, image: image, exif: exif, gps: gps, interoperability: interoperability
    ).bytes
  }

  private func countImages(from first: Int) -> Int {
    var (count, directory, steps) = (0, first, 0)
    while directory > 0, steps < Self.countLimit, let end = end(ofDirectoryAt: directory) {
      // Its tag is the lowest that is in use, so it comes first.
      if (number(Tag.kind, of: entries(at: directory, limit: 1)) ?? 0) & 1 == 0 { count += 1 }
      directory = number(4, at: end - 4) ?? 0
      steps += 1
    }
    return max(1, count)
  }
}
