/// Those who do the parts of a step, each its own: one thread, several threads, or several processes.
package protocol QuantizerTeam: AnyObject {
  /// Number of parts that each step is split into; at least 1.
  var count: Int { get }

  /// Has `memory.perform(step, part:)` called once for each part, by anyone and in any order, and returns when all are
  /// done. A part whose member died may be done again by another.
  func perform(_ step: QuantizeStep, on memory: QuantizerMemory) throws(ImagingError)
}

/// The calling thread, which does one part after another.
package final class OneThread: QuantizerTeam {
  package let count: Int

  /// - Parameter parts: more than 1 only to show that the number of parts changes nothing.
  package init(parts: Int = 1) {
    precondition(parts >= 1, "a step has at least one part")
    count = parts
  }

  package func perform(_ step: QuantizeStep, on memory: QuantizerMemory) {
    for part in 0..<count { memory.perform(step, part: part) }
  }
}
