/// A first-in, first-out queue: an array with a head index, so that removing the first element moves no others.
///
/// swift-collections has `Deque`, but ProcPool depends on nothing but its own C target. A removed element stays in
/// memory until the queue is next compacted, which does not matter for elements that own nothing.
package struct Queue<Element> {
  private var storage: [Element] = []
  private var head = 0

  package init() {}

  package mutating func append(_ element: Element) { storage.append(element) }

  mutating func insert(_ element: Element, at index: Int) { storage.insert(element, at: head + index) }

  package mutating func popFirst() -> Element? {
    guard let first else { return nil }
    removeFirst()
    return first
  }

  mutating func removeFirst() {
    precondition(head < storage.count, "a queue with an element")
    head += 1
    if head == storage.count {
      storage.removeAll(keepingCapacity: true)
      head = 0
    } else if head > Swift.max(512, storage.count / 2) {
      // At half, so that each element is moved about once, however many there are; and not for a few.
      storage.removeFirst(head)
      head = 0
    }
  }

  mutating func remove(at index: Int) {
    if index == 0 { removeFirst() } else { storage.remove(at: head + index) }
  }
}

extension Queue: RandomAccessCollection, MutableCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { storage.count - head }

  /// The element at an index from 0, the oldest.
  package subscript(index: Int) -> Element {
    get { storage[head + index] }
    _modify { yield &storage[head + index] }
  }
}
