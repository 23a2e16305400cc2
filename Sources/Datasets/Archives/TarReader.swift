internal import CArchive
internal import Platform
internal import SystemPackage

/// Reads a tar from front to end by libarchive, whose memory stays behind this type. The tar may be compressed by gzip,
/// bzip2, xz, zstd or lz4. Used by the process that made it.
///
/// Invariant of the pointers: what libarchive hands out lives until its next call, and is copied or written before.
@safe
struct TarReader: ~Copyable {
  enum Kind {
    case file, folder
    /// A link, a device, a FIFO or a socket.
    case other
  }

  struct Entry {
    var path: FilePath
    var kind: Kind
    var byteCount: Int
  }

  private let reader: OpaquePointer
  /// Of the last entry, for messages.
  private var name: String?

  /// - Parameter stream: must stay open.
  init(_ stream: ByteStream) throws(TarError) {
    try Self.load()
    guard let reader = unsafe carchive_open(stream.number) else { throw .outOfMemory }
    unsafe self.reader = reader
  }

  deinit { unsafe carchive_close(reader) }

  /// Loads the library, for this process and those that it forks later.
  static func load() throws(TarError) {
    var message = carchive_message()
    guard unsafe carchive_load(&message) else { throw .noLibrary(message.string) }
  }

  /// The next entry; `nil` at the end.
  mutating func next() throws(TarError) -> Entry? {
    var (entry, message) = unsafe (carchive_entry(), carchive_message())
    guard try check(unsafe carchive_next(reader, &entry, &message), message) else { return nil }
    let bytes = unsafe entry.name.map { unsafe FilePath(platformString: $0) } ?? ""
    name = bytes.text
    let kind: Kind =
      switch unsafe entry.kind {
      case CARCHIVE_FILE: .file
      case CARCHIVE_FOLDER: .folder
      default: .other
      }
    return Entry(path: bytes, kind: kind, byteCount: unsafe Int(entry.byte_count))
  }

  /// Calls `body` with each piece of the entry and its offset. Offsets rise; what lies between pieces is zeros.
  mutating func forEachPiece(
    _ body: (_ bytes: UnsafeRawBufferPointer, _ offset: Int) throws(TarError) -> Void
  ) throws(TarError) {
    var (piece, message) = unsafe (carchive_piece(), carchive_message())
    while try check(unsafe carchive_read(reader, &piece, &message), message) {
      let (offset, count) = unsafe (Int(piece.offset), piece.byte_count)
      unsafe try body(UnsafeRawBufferPointer(start: piece.bytes, count: count), offset)
    }
  }

  /// - Returns: whether there is something.
  private func check(_ outcome: carchive_outcome, _ message: carchive_message) throws(TarError) -> Bool {
    switch outcome {
    case CARCHIVE_OK: return true
    case CARCHIVE_END: return false
    case CARCHIVE_NO_TAR: throw .noTar
    case CARCHIVE_NO_END: throw .noEnd
    case CARCHIVE_UNREADABLE: throw .unreadable(message.string)
    case CARCHIVE_LOST: throw .lost(message.string)
    case CARCHIVE_OUT_OF_MEMORY: throw .outOfMemory
    default: throw .damaged(message.string, entry: name)
    }
  }
}

extension carchive_message {
  fileprivate var string: String {
    unsafe withUnsafeBytes(of: text) { unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
