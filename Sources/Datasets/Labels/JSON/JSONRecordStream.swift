/// Passes records on in larger pieces.
struct JSONRecordStream {
  private static let pieceByteCount = 1 << 16

  private let append: ([UInt8]) throws -> Void
  private var bytes: [UInt8] = []

  init(_ append: @escaping ([UInt8]) throws -> Void) { self.append = append }

  mutating func write(_ json: [UInt8]) throws {
    bytes += json
    if bytes.count >= Self.pieceByteCount { try finish() }
  }

  /// Writes an object of a list on a line of its own.
  mutating func write(record: [UInt8], isFirst: Bool) throws {
    bytes += isFirst ? [UInt8(ascii: "\n")] : Array(",\n".utf8)
    try write(record)
  }

  mutating func finish() throws {
    try append(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}
