// Memory that several threads or processes work on at once: the invariant of this file's unsafe code.
//
// The driver writes head, clusters and palette, and only between steps. In a step, each part writes only what is its
// own: its counts, places and sums; the sorted pixels that its places name; the groups of cells that start among its
// pixels, with their colours; the labels, distances and spreads of its share of groups; its pixels of the result. It
// reads what earlier steps wrote, and nothing that another part writes in the same step. So no two write to the same
// place, and a part that was interrupted anywhere can be done again by anyone.

internal import CImaging

/// The memory of one quantisation, which all members of a team see: the pixels, their colours, the centroids and each
/// part's own sums, in one block. It starts with a head that describes the rest, so that a process that shares it needs
/// nothing else.
///
/// Unchecked `Sendable`, as the compiler cannot know that each part writes its own places only.
@safe
package struct QuantizerMemory: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  package let byteCount: Int
  /// Source and result, where they are not in the block.
  private var source: UnsafePointer<UInt8>?
  private var result: UnsafeMutablePointer<UInt8>?

  /// Bytes for images of up to `pixelCount` pixels, source and result included.
  package static func byteCount(pixelCount: Int, parts: Int) -> Int {
    QuantizerLayout(pixelCount: pixelCount, channels: 3, parts: parts).byteCount
  }

  /// `memory` must be aligned to 64 bytes and outlive this value and its copies; its content does not matter.
  @unsafe
  package init(over memory: UnsafeMutableRawBufferPointer) {
    guard let base = memory.baseAddress else { preconditionFailure("memory to quantise in") }
    precondition(Int(bitPattern: base).isMultiple(of: 64), "memory aligned to cache lines")
    unsafe self.base = base
    byteCount = memory.count
  }

  /// The same memory for an image whose pixels lie elsewhere. Only for threads: other processes do not see the pixels.
  @unsafe
  func with(source: UnsafePointer<UInt8>, result: UnsafeMutablePointer<UInt8>) -> QuantizerMemory {
    var memory = self
    unsafe (memory.source, memory.result) = (source, result)
    return memory
  }

  var head: QuantizerHead {
    get { unsafe base.load(as: QuantizerHead.self) }
    nonmutating set { unsafe base.storeBytes(of: newValue, as: QuantizerHead.self) }
  }

  @unsafe
  func pointer<Element>(
    _ region: QuantizerLayout.Region, to type: Element.Type = Element.self
  ) -> UnsafeMutablePointer<Element> {
    unsafe (base + region.offset).assumingMemoryBound(to: type)
  }

  @unsafe
  func pixels(_ layout: QuantizerLayout) -> UnsafePointer<UInt8> {
    unsafe source ?? UnsafePointer(pointer(layout.pixels, to: UInt8.self))
  }

  @unsafe
  func result(_ layout: QuantizerLayout) -> UnsafeMutablePointer<UInt8> { unsafe result ?? pointer(layout.result) }

  @unsafe
  func colors(_ head: QuantizerHead, _ layout: QuantizerLayout) -> cimaging_colors {
    unsafe cimaging_colors(
      cell_count: UInt32(head.cellCount), cells: pointer(layout.cells), groups: pointer(layout.groups),
      offsets: pointer(layout.offsets), weights: pointer(layout.weights))
  }

  @unsafe
  func labels(_ layout: QuantizerLayout) -> cimaging_labels {
    unsafe cimaging_labels(blocks: pointer(layout.blocks), labels: pointer(layout.labels))
  }

  /// The sums of a part, and the elements from one cluster to the next. If they are not padded, those of all parts for
  /// one cluster lie side by side.
  @unsafe
  func sums(of part: Int, _ head: QuantizerHead, _ layout: QuantizerLayout) -> (
    first: UnsafeMutablePointer<cimaging_cluster_sums>, stride: Int
  ) {
    let all = unsafe pointer(layout.sums, to: cimaging_cluster_sums.self)
    return unsafe head.isPadded ? (all + part * QuantizerLayout.sumCount, 1) : (all + part, head.parts)
  }
}
