/// The numbers of a `bbox` or of `keypoints`, while they are read.
struct COCONumbers {
  private(set) var numbers: [Double] = []
  /// Where the list begins.
  private(set) var line = 0
  /// Why it is no list of numbers.
  private(set) var problem: JSONFailure?

  /// Forgets what was read, but keeps the memory.
  mutating func reset() {
    numbers.removeAll(keepingCapacity: true)
    problem = nil
  }

  /// - Parameter depth: of the object that has the list.
  mutating func take(_ event: JSONEvent, _ path: JSONPath, depth: Int) {
    switch (event.kind, path.depth - depth) {
    case (.listBegin, 1): line = event.line
    case (.number, 1): numbers.append(event.number)
    case (.listEnd, 0), (.null, 0): break
    case (_, let level):
      let reason = LabelError.Reason.value(level == 0 ? "is not a list" : "is not a number")
      problem =
        problem ?? JSONFailure(reason: reason, line: event.line, path: path.text(toDepth: depth + min(level, 1)))
    }
  }
}
