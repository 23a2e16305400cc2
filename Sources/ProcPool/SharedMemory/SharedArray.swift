internal import Glibc

/// An array of fixed length that a process shares with every child forked after it was made.
///
/// Any of these processes may read and write it. Nothing is atomic: a process may read an element that another one
/// writes only after something has told it that the element is written, such as the result of the task that wrote it.
/// Different elements may be written at the same time.
///
/// Invariant: `elements` points to `count` elements in `mapping`, which lives as long as this object.
@safe
public final class SharedArray<Element: BitwiseCopyable> {
  /// Number of elements.
  public let count: Int
  private let mapping: SharedMapping
  private let elements: UnsafeMutablePointer<Element>

  /// Maps `count` elements whose bytes are all zero. That must be a valid value of their type; for numbers it is 0.
  ///
  /// Make the array before the processes that are to share it are forked. A type that holds a pointer is bitwise
  /// copyable, but the pointer means nothing in another process.
  /// - Throws: `PoolError.systemCall` if there is no memory for it.
  public init(count: Int) throws(PoolError) {
    precondition(count >= 0, "an array has no fewer than 0 elements")
    self.count = count
    mapping = try SharedMapping.populated(byteCount: byteCount(count, of: MemoryLayout<Element>.stride))
    unsafe elements = mapping.pointer(at: 0, to: Element.self, count: count)
  }

  /// The element at an index from 0.
  public subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "the index lies outside the array")
      return unsafe elements[index]
    }
    set {
      precondition(index >= 0 && index < count, "the index lies outside the array")
      unsafe elements[index] = newValue
    }
  }

  /// Calls `body` with all elements.
  public func withSpan<Result: ~Copyable, Failure: Error>(
    _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe UnsafeBufferPointer(start: elements, count: count).span)
  }

  /// Calls `body` with all elements, for writing.
  public func withMutableSpan<Result: ~Copyable, Failure: Error>(
    _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe UnsafeMutableBufferPointer(start: elements, count: count).mutableSpan
    return try body(&span)
  }

  /// Enters the whole array into the page table of the calling process, so that the first touch of a page costs no
  /// fault. The process that made the array need not call this.
  /// - Throws: `PoolError.systemCall`.
  public func prefault() throws(PoolError) { try mapping.populate() }
}
