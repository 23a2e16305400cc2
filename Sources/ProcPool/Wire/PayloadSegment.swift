/// Bytes of one or more values inside each other, of which only the innermost unfinished one is written to.
///
/// A nested container that is written to in turn with its parent, and a superclass's encoder, have a segment of their
/// own, which is spliced in when all is encoded.
final class PayloadSegment {
  struct Splice {
    var offset: Int
    var segment: PayloadSegment
  }

  /// How much there was, to take back what a failed value wrote.
  struct Mark {
    fileprivate var byteCount: Int
    fileprivate var spliceCount: Int
    fileprivate var splicedByteCount: Int
  }

  var bytes: ByteBuffer
  private var splices: [Splice] = []
  /// Bytes of the splices whose values are complete, with those inside them.
  private(set) var splicedByteCount = 0
  /// The encoder that may write here; one that is freed has no handle left to write with.
  var writer: ObjectIdentifier?

  /// Most nested containers, those of enum cases, are a few numbers long.
  init() { bytes = ByteBuffer(capacity: 64) }

  /// Bytes here and spliced in.
  var totalByteCount: Int { bytes.count + splicedByteCount }

  var mark: Mark { Mark(byteCount: bytes.count, spliceCount: splices.count, splicedByteCount: splicedByteCount) }

  func restore(_ mark: Mark) {
    bytes.truncate(to: mark.byteCount)
    splices.removeLast(splices.count - mark.spliceCount)
    splicedByteCount = mark.splicedByteCount
  }

  func splice(_ segment: PayloadSegment) { splices.append(Splice(offset: bytes.count, segment: segment)) }

  func complete(_ segment: PayloadSegment) { splicedByteCount += segment.totalByteCount }

  /// Puts the splices in their places, behind the first `start` bytes, which are not of this value.
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
    splices = []  // while the segments in them are shallow: a chain of them would be freed by recursion
  }

  private func append(_ range: Range<Int>, to whole: inout ByteBuffer) {
    bytes.withBytes { whole.append($0.extracting(range)) }
  }
}
