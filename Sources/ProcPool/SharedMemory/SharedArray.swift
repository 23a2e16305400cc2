internal import Glibc

/// An array of fixed length that a process shares with every child forked after it was made.
///
/// Any of these processes may read and write it. Nothing is atomic: an element that one process writes may be read by
/// another only once something else has told it so, such as the result of the task that wrote it. Different elements
/// may be written at the same time.
@safe
public final class SharedArray<Element: BitwiseCopyable> {
  /// Number of elements.
  public let count: Int
  private let mapping: SharedMapping
  private let elements: UnsafeMutablePointer<Element>

  /// Maps `count` elements whose bytes are all zero, which must be a value of their type: of numbers it is 0.
  ///
  /// Call it before the processes are forked that are to share the array. A type that holds a pointer is bitwise
  /// copyable but means nothing to others.
  /// - Throws: `PoolError.systemCall` where there is no memory for it.
  public init(count: Int) throws(PoolError) {
    precondition(count >= 0, "an array has no fewer than 0 elements")
    self.count = count
    mapping = try SharedMapping.populated(byteCount: byteCount(count, of: MemoryLayout<Element>.stride))
    unsafe elements = mapping.base.bindMemory(to: Element.self, capacity: count)
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

  /// Calls `body` with all elements, to be written to.
  public func withMutableSpan<Result: ~Copyable, Failure: Error>(
    _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe UnsafeMutableBufferPointer(start: elements, count: count).mutableSpan
    return try body(&span)
  }

  /// Enters all of the memory into the page table of the calling process, so that its first touch of each page costs no
  /// fault. The process that made the array has no need of it.
  /// - Throws: `PoolError.systemCall`.
  public func prefault() throws(PoolError) { try mapping.populate() }
}
