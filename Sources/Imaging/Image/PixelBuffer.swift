internal import CImaging
internal import Glibc

/// Width, height and channels of an image.
public struct ImageShape: Hashable, Sendable {
  /// Columns.
  public var width: Int
  /// Rows.
  public var height: Int
  /// 1 (grey, or an alpha plane) or 3 (R, G, B).
  public var channels: Int

  /// A shape of `width` × `height` pixels of `channels` bytes each.
  public init(width: Int, height: Int, channels: Int) {
    self.width = width
    self.height = height
    self.channels = channels
  }

  /// Bytes of the pixels without any padding.
  public var byteCount: Int { width * height * channels }

  /// The shape with rows as columns.
  public var transposed: ImageShape { sized(height, width) }

  /// Another size of as many channels.
  func sized(_ width: Int, _ height: Int) -> ImageShape {
    ImageShape(width: width, height: height, channels: channels)
  }
}

/// 8-bit interleaved pixels and the memory that they lie in: the heap, or a slot of somebody else's mapping.
///
/// The memory is kept when the buffer takes a new shape that fits, so that a buffer used for one image after another
/// is mapped once.
@safe
public struct PixelBuffer: ~Copyable {
  /// Width, height and channels of what the buffer holds now.
  public private(set) var shape: ImageShape
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private let isOwner: Bool

  /// A buffer on the heap without pixels, and without memory.
  public init() {
    shape = ImageShape(width: 0, height: 0, channels: 1)
    capacity = 0
    unsafe base = Self.nowhere
    isOwner = true
  }

  /// A buffer on the heap with room for `shape`; the pixels are not yet set. Ends the process where there is no room: for
  /// what is not as large as somebody else's image, `reshape` is for that.
  public init(_ shape: ImageShape) {
    self.init()
    do throws(ImagingError) {
      try reshape(to: shape)
    } catch {
      fatalError("no memory for \(shape.byteCount) bytes of pixels")
    }
  }

  /// A buffer that writes into `memory`, which must outlive it and is not freed by it.
  @unsafe
  public init(borrowing memory: UnsafeMutableRawBufferPointer, shape: ImageShape) {
    precondition(shape.byteCount <= memory.count, "the memory is smaller than the shape needs")
    self.shape = shape
    capacity = memory.count
    unsafe base = memory.bindMemory(to: UInt8.self).baseAddress ?? Self.nowhere
    isOwner = false
  }

  deinit {
    if isOwner && capacity > 0 { unsafe free(base) }
  }

  /// Where no byte lies: a kernel gets no pointer that is NULL.
  private static var nowhere: UnsafeMutablePointer<UInt8> {
    unsafe UnsafeMutablePointer(bitPattern: 16).unsafelyUnwrapped
  }

  /// Distance from one row to the next.
  public var rowStride: Int { shape.width * shape.channels }

  /// Gives the buffer another shape; the pixels are then not set. Memory is allocated only when the shape needs more
  /// than ever before.
  /// - Throws: `.outOfMemory`; the buffer is then without pixels.
  public mutating func reshape(to newShape: ImageShape) throws(ImagingError) {
    if newShape.byteCount > capacity { try allocate(newShape.byteCount) }
    shape = newShape
  }

  /// By `malloc`, for Swift's own `allocate` ends the process where there is no room. The old memory goes first: there is
  /// never room for both in the plan of anybody who limits it.
  private mutating func allocate(_ byteCount: Int) throws(ImagingError) {
    precondition(isOwner, "a borrowed buffer cannot grow")
    if capacity > 0 { unsafe free(base) }
    (shape, capacity) = (ImageShape(width: 0, height: 0, channels: shape.channels), 0)
    unsafe base = Self.nowhere
    guard let memory = unsafe malloc(byteCount) else { throw .outOfMemory }
    unsafe base = memory.bindMemory(to: UInt8.self, capacity: byteCount)
    capacity = byteCount
  }

  /// Whether the buffer can take this shape: one that borrows its memory cannot grow.
  func canTake(_ shape: ImageShape) -> Bool { isOwner || shape.byteCount <= capacity }

  /// Takes over shape and pixels of `other`.
  public mutating func copy(from other: borrowing PixelBuffer) throws(ImagingError) {
    try reshape(to: other.shape)
    unsafe base.update(from: other.base, count: shape.byteCount)
  }

  /// The pixels row by row, without padding.
  public var bytes: [UInt8] {
    unsafe [UInt8](UnsafeBufferPointer(start: base, count: shape.byteCount))
  }

  /// Sets the pixels from `bytes`, which are row by row and without padding.
  public mutating func set(_ bytes: some Collection<UInt8>) {
    precondition(bytes.count == shape.byteCount, "as many bytes as the shape has")
    _ = unsafe UnsafeMutableBufferPointer(start: base, count: shape.byteCount).update(from: bytes)
  }

  /// Channel values of one pixel.
  public subscript(row row: Int, column column: Int) -> [UInt8] {
    precondition(row >= 0 && row < shape.height && column >= 0 && column < shape.width, "inside the image")
    let first = row * rowStride + column * shape.channels
    return unsafe [UInt8](UnsafeBufferPointer(start: base + first, count: shape.channels))
  }

  /// Calls `body` with the memory of the pixels.
  @unsafe
  public func withBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) throws -> Result) rethrows -> Result {
    unsafe try body(UnsafeMutableRawBufferPointer(start: base, count: shape.byteCount))
  }

  /// The pixels as the C layer takes them; valid while the buffer is borrowed and not reshaped.
  @unsafe
  var cPixels: cimaging_pixels {
    unsafe cimaging_pixels(
      base: base, width: Int32(shape.width), height: Int32(shape.height), channels: Int32(shape.channels),
      row_stride: rowStride)
  }
}
