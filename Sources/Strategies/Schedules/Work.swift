package import ProcPool

/// What a process is asked to do.
package enum Work: Codable, Hashable, BitwiseCopyable {
  /// Decodes an image into a slot.
  case read(imageIndex: Int, into: SharedSlot)
  /// Makes a product and saves it.
  case make(SharedTask)
  /// Makes a product and leaves it in the queue of its saver.
  case queue(task: Int)
  /// Saves the product that has been in a queue longest.
  case save(queue: Int)
}
