/// A step of a quantisation that all members of a team do at once, each its own part. A part may be done again: it
/// reads only what earlier steps wrote, and starts its results afresh.
package enum QuantizeStep: UInt8, CaseIterable, Codable, Sendable {
  /// Counts the pixels of each cell of the colour cube.
  case count
  /// Sorts the pixels by cell.
  case sort
  /// Counts the pixels of each colour.
  case collect
  /// Measures how far each colour is from the newest initial centroid (k-means++).
  case spread
  /// Sums the pixels of each cluster.
  case assign
  /// The same, and notes the cluster of each colour.
  case label
  /// Gives each pixel the colour of its cluster.
  case paint
  /// The same with error diffusion; all in part 0.
  case dither
}

/// The memory of one quantisation, which all members of a team see: the pixels, their colours, the centroids and each
/// part's own sums, in one block. The block starts with a head that describes the rest, so that a process that shares
/// it needs nothing else.
@safe
package struct QuantizerMemory: @unchecked Sendable {
  private let base: UnsafeMutableRawPointer
  package let byteCount: Int

  /// Bytes for images of up to `pixelCount` pixels, if the pixels lie in the block, too.
  package static func byteCount(pixelCount: Int, parts: Int) -> Int { fatalError() }

  /// `memory` must be aligned to 64 bytes and outlive this value and its copies; its content does not matter.
  @unsafe
  package init(over memory: UnsafeMutableRawBufferPointer) {
    unsafe base = memory.baseAddress!
    byteCount = memory.count
  }

  /// Does one part of a step. Any thread or process that sees the memory may call it; the caller sees to it that no
  /// other does the same part at the same time, and that the step before is finished.
  package func perform(_ step: QuantizeStep, part: Int) { fatalError() }
}
