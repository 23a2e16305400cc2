internal import CImaging
internal import Glibc

/// Width and height in pixels, and channels.
package struct ImageShape: Hashable, Sendable {
  package var width: Int
  package var height: Int
  /// 1 (grey, or an alpha plane) or 3 (R, G, B).
  package var channels: Int

  package init(width: Int, height: Int, channels: Int) {
    self.width = width
    self.height = height
    self.channels = channels
  }

  /// Bytes without row padding.
  package var byteCount: Int { width * height * channels }

  package var size: ImageSize { ImageSize(width: width, height: height) }

  /// The shape with width and height swapped.
  package var transposed: ImageShape { sized(height, width) }

  func sized(_ width: Int, _ height: Int) -> ImageShape {
    ImageShape(width: width, height: height, channels: channels)
  }
}

/// 8-bit interleaved pixels, in heap memory or in a borrowed slot of a mapping.
///
/// A new shape that fits reuses the memory, so that a buffer used for many images is mapped once.
@safe
package struct PixelBuffer: ~Copyable {
  package private(set) var shape: ImageShape
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private let isOwner: Bool

  /// An empty heap buffer without memory.
  package init() {
    shape = ImageShape(width: 0, height: 0, channels: 1)
    capacity = 0
    unsafe base = Self.nowhere
    isOwner = true
  }

  /// A heap buffer for `shape` with uninitialised pixels. Traps if memory runs out; use `reshape` for sizes that depend
  /// on input files.
  package init(_ shape: ImageShape) {
    self.init()
    do throws(ImagingError) {
      try reshape(to: shape)
    } catch {
      fatalError("no memory for \(shape.byteCount) bytes of pixels")
    }
  }

  /// A buffer over `memory`, which must outlive it and is not freed by it. While this buffer is written, no other may
  /// overlap it.
  @unsafe
  package init(borrowing memory: UnsafeMutableRawBufferPointer, shape: ImageShape) {
    precondition(shape.byteCount <= memory.count, "the memory is smaller than the shape needs")
    self.shape = shape
    capacity = memory.count
    unsafe base = memory.bindMemory(to: UInt8.self).baseAddress ?? Self.nowhere
    isOwner = false
  }

  deinit {
    if isOwner && capacity > 0 { unsafe free(base) }
  }

  /// The address of an empty buffer, because kernels must not get NULL.
  private static var nowhere: UnsafeMutablePointer<UInt8> {
    unsafe UnsafeMutablePointer(bitPattern: 16).unsafelyUnwrapped
  }

  /// Bytes from one row to the next.
  package var rowStride: Int { shape.width * shape.channels }

  /// Changes the shape; the pixels become uninitialised. Allocates only if the shape exceeds the capacity.
  /// - Throws: `.outOfMemory`; the buffer is then empty.
  package mutating func reshape(to newShape: ImageShape) throws(ImagingError) {
    if newShape.byteCount > capacity { try allocate(newShape.byteCount) }
    shape = newShape
  }

  /// Uses `malloc`, because Swift's `allocate` traps when memory runs out. Frees the old memory first, because memory
  /// limits are planned without room for both.
  private mutating func allocate(_ byteCount: Int) throws(ImagingError) {
    precondition(isOwner, "a borrowed buffer cannot grow")
    if capacity > 0 { unsafe free(base) }
    (shape, capacity) = (ImageShape(width: 0, height: 0, channels: shape.channels), 0)
    unsafe base = Self.nowhere
    guard let memory = unsafe malloc(byteCount) else { throw .outOfMemory }
    unsafe base = memory.bindMemory(to: UInt8.self, capacity: byteCount)
    capacity = byteCount
  }

  /// Whether the buffer can take this shape; one that borrows its memory cannot grow.
  func canTake(_ shape: ImageShape) -> Bool { isOwner || shape.byteCount <= capacity }

  /// Copies shape and pixels of `other`.
  package mutating func copy(from other: borrowing PixelBuffer) throws(ImagingError) {
    try reshape(to: other.shape)
    unsafe base.update(from: other.base, count: shape.byteCount)
  }

  /// The pixels row by row, without padding.
  package var bytes: [UInt8] {
    unsafe [UInt8](UnsafeBufferPointer(start: base, count: shape.byteCount))
  }

  /// Sets the pixels from `bytes`, row by row and without padding.
  package mutating func set(_ bytes: some Collection<UInt8>) {
    precondition(bytes.count == shape.byteCount, "as many bytes as the shape has")
    _ = unsafe UnsafeMutableBufferPointer(start: base, count: shape.byteCount).update(from: bytes)
  }

  /// Calls `body` with the pixels, row by row and without padding.
  package mutating func withMutableSpan<Result, Failure>(
    _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe UnsafeMutableBufferPointer(start: base, count: shape.byteCount).mutableSpan
    return try body(&span)
  }

  /// The channel values of one pixel.
  package subscript(row row: Int, column column: Int) -> [UInt8] {
    precondition(row >= 0 && row < shape.height && column >= 0 && column < shape.width, "inside the image")
    let first = row * rowStride + column * shape.channels
    return unsafe [UInt8](UnsafeBufferPointer(start: base + first, count: shape.channels))
  }

  /// Calls `body` with the memory of the pixels.
  @unsafe
  package func withBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) throws -> Result) rethrows -> Result {
    unsafe try body(UnsafeMutableRawBufferPointer(start: base, count: shape.byteCount))
  }

  /// The pixels for the C layer; valid while the buffer is borrowed and not reshaped.
  @unsafe
  var cPixels: cimaging_pixels {
    unsafe cimaging_pixels(
      base: base, width: Int32(shape.width), height: Int32(shape.height), channels: Int32(shape.channels),
      row_stride: rowStride)
  }
}
