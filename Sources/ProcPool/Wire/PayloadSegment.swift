/// The bytes of one value and of those inside it, of which the innermost unfinished one is being written.
///
/// A nested container that is written alternately with its parent, and a superclass's encoder, get a segment of their
/// own, which is spliced in when everything is encoded.
final class PayloadSegment {
  struct Splice {
    var offset: Int
    var segment: PayloadSegment
  }

  /// How much was written, to undo what a failed value wrote.
  struct Mark {
    fileprivate var byteCount: Int
    fileprivate var spliceCount: Int
    fileprivate var splicedByteCount: Int
  }

  var bytes: ByteBuffer
  private var splices: [Splice] = []
  /// Bytes of completed splices and those inside them.
  private(set) var splicedByteCount = 0
  /// The one encoder that may write here. Compared by identity: an encoder that has been freed cannot write anyway.
  var writer: ObjectIdentifier?

  /// Small, as most nested containers, those of enum cases, are a few numbers long.
  init() { bytes = ByteBuffer(capacity: 64) }

  /// Bytes here and in the splices.
  var totalByteCount: Int { bytes.count + splicedByteCount }

  var mark: Mark { Mark(byteCount: bytes.count, spliceCount: splices.count, splicedByteCount: splicedByteCount) }

  func restore(_ mark: Mark) {
    bytes.truncate(to: mark.byteCount)
    splices.removeLast(splices.count - mark.spliceCount)
    splicedByteCount = mark.splicedByteCount
  }

  func splice(_ segment: PayloadSegment) { splices.append(Splice(offset: bytes.count, segment: segment)) }

  func complete(_ segment: PayloadSegment) { splicedByteCount += segment.totalByteCount }

  /// Puts the splices in their places. The first `start` bytes belong to an earlier value.
  func flatten(from start: Int) throws {
    guard !splices.isEmpty else { return }
    let depth = StackDepth()
    var whole = ByteBuffer(capacity: totalByteCount - start)
    try appendAll(from: start, to: &whole, depth)
    bytes.truncate(to: start)
    whole.withBytes { bytes.append($0) }
    splicedByteCount = 0
  }

  private func appendAll(from start: Int, to whole: inout ByteBuffer, _ depth: StackDepth) throws {
    guard !depth.isExhausted else { throw PayloadEncoder.tooDeep(self, at: []) }
    var offset = start
    for splice in splices {
      append(offset..<splice.offset, to: &whole)
      offset = splice.offset
      try splice.segment.appendAll(from: 0, to: &whole, depth)
    }
    append(offset..<bytes.count, to: &whole)
    // Freed level by level, now that the segments in them have none: a long chain would overflow the stack in its
    // deinits.
    splices = []
  }

  private func append(_ range: Range<Int>, to whole: inout ByteBuffer) {
    bytes.withBytes { whole.append($0.extracting(range)) }
  }
}

/// Whether the keys of a container are unique, so that the reader need not check. Keys are compared by hash.
struct SeenKeys {
  /// Few structs have more fields; above this the reader checks.
  static let capacity = 16

  private var hashes = SIMD16<UInt32>.zero
  /// A bit per value of six bits of the hash: it shows most keys to be new without comparing the others.
  private var bits: UInt64 = 0
  private var count = 0
  /// Whether all keys so far are certainly different.
  private(set) var areUnique = true

  mutating func insert(_ utf8: UnsafeBufferPointer<UInt8>) {
    guard areUnique else { return }
    let hash = unsafe Self.hash(utf8)
    let bit: UInt64 = 1 << (UInt64(hash) & 63)
    if count == Self.capacity || bits & bit != 0 && any(hashes .== SIMD16(repeating: hash)) {
      areUnique = false
    } else {
      bits |= bit
      hashes[count] = hash
      count += 1
    }
  }

  /// FNV-1a. Never 0, which marks an unused place.
  private static func hash(_ utf8: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var hash: UInt32 = 0x811C_9DC5
    for index in utf8.indices { hash = (hash ^ UInt32(unsafe utf8[index])) &* 0x0100_0193 }
    return max(hash, 1)
  }
}
