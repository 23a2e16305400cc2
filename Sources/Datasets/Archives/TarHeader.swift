/// The blocks of a tar that go before a file and after the last one: POSIX ustar, and pax where a name or a size does not
/// fit into that.
///
/// Written here and not by libarchive, so that equal files give equal bytes whatever version a machine has. Nothing of
/// the machine is in it: no time, no owner.
enum TarHeader {
  static let blockByteCount = 512
  /// GNU tar writes whole records of this size, and expects them.
  private static let recordByteCount = 20 * blockByteCount
  /// Bytes of the fields `name` and `prefix`.
  private static let (nameLimit, prefixLimit) = (100, 155)
  /// The largest number of eleven octal digits.
  private static let sizeLimit = (1 << 33) - 1

  /// - Parameter path: relative, as bytes.
  static func blocks(path: [UInt8], byteCount: Int) -> [UInt8] {
    let (parts, fits) = (split(path), byteCount <= sizeLimit)
    let header = block(
      name: parts?.name ?? path.prefix(nameLimit), prefix: parts?.prefix ?? [], byteCount: fits ? byteCount : 0,
      type: "0")
    guard parts == nil || !fits else { return header }
    var records: [UInt8] = []
    if parts == nil {
      // Names in pax are UTF-8 unless it says otherwise.
      if String(validating: path, as: UTF8.self) == nil { records += record("hdrcharset", Array("BINARY".utf8)) }
      records += record("path", path)
    }
    if !fits { records += record("size", Array(String(byteCount).utf8)) }
    // The name is for programs that do not know pax; it must not depend on a process, as it often does.
    let name = Array("PaxHeaders/".utf8) + path.prefix(nameLimit - 11)
    return block(name: name[...], prefix: [], byteCount: records.count, type: "x") + padded(records) + header
  }

  /// What is left to a whole block after so many bytes.
  static func padding(after byteCount: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: (blockByteCount - byteCount % blockByteCount) % blockByteCount)
  }

  /// What ends a tar of so many bytes: two empty blocks, and the rest of the record.
  static func end(after byteCount: Int) -> [UInt8] {
    let least = byteCount + 2 * blockByteCount
    return [UInt8](repeating: 0, count: (least + recordByteCount - 1) / recordByteCount * recordByteCount - byteCount)
  }

  private static func padded(_ bytes: [UInt8]) -> [UInt8] { bytes + padding(after: bytes.count) }

  /// The two fields of a long name, which is cut at a slash; `nil` if it does not fit.
  private static func split(_ path: [UInt8]) -> (name: ArraySlice<UInt8>, prefix: ArraySlice<UInt8>)? {
    if path.count <= nameLimit { return (path[...], []) }
    let slash = path.prefix(prefixLimit + 1).lastIndex(of: UInt8(ascii: "/"))
    guard let slash, case let name = path[(slash + 1)...], !name.isEmpty, name.count <= nameLimit else { return nil }
    return (name, path[..<slash])
  }

  /// "LENGTH KEY=VALUE\n", where the length counts its own digits.
  private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
    let rest = Array(" \(key)=".utf8) + value + Array("\n".utf8)
    var count = rest.count
    while String(count).utf8.count + rest.count != count { count = String(count).utf8.count + rest.count }
    return Array(String(count).utf8) + rest
  }

  private static func block(
    name: ArraySlice<UInt8>, prefix: ArraySlice<UInt8>, byteCount: Int, type: Unicode.Scalar
  ) -> [UInt8] {
    var block: [UInt8] = []
    block.reserveCapacity(blockByteCount)
    func append(_ bytes: some Collection<UInt8>, _ width: Int) {
      block += bytes
      block += repeatElement(0, count: width - bytes.count)
    }
    func append(octal number: Int, _ width: Int) {
      let digits = String(number, radix: 8)
      append(Array((String(repeating: "0", count: width - 1 - digits.count) + digits).utf8), width)
    }
    append(name, nameLimit)
    append(octal: 0o644, 8)
    for _ in ["owner", "group"] { append(octal: 0, 8) }
    append(octal: byteCount, 12)
    append(octal: 0, 12)  // time
    let checksumPlace = block.count
    append(Array("        ".utf8), 8)  // counts as blanks in its own sum
    append(CollectionOfOne(UInt8(ascii: type)), 1)
    append([], 100)  // target of a link
    append(Array("ustar\0".utf8) + Array("00".utf8), 8)
    for _ in ["owner", "group"] { append([], 32) }
    for _ in ["major", "minor"] { append(octal: 0, 8) }
    append(prefix, prefixLimit)
    append([], blockByteCount - block.count)
    let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
    let digits = Array((String(repeating: "0", count: 6 - sum.utf8.count) + sum).utf8)
    block.replaceSubrange(checksumPlace..<checksumPlace + 7, with: digits + [0])
    return block
  }
}
