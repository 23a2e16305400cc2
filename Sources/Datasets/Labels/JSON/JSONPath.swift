/// The place of an event inside a file: `annotations[3].bbox`.
struct JSONPath {
  private struct Step {
    var key = ""
    /// Of the value in a list; `nil` in an object.
    var index: Int?
  }

  private var steps: [Step] = []

  /// How many objects and lists are open. Between an object's or list's begin and end it is one more than outside.
  var depth: Int { steps.count }

  /// The last key of an open object; empty if there is none.
  func key(atDepth depth: Int) -> String { steps[depth - 1].key }

  /// The number of the value in an open list, from 0.
  func index(atDepth depth: Int) -> Int { steps[depth - 1].index ?? 0 }

  /// Follows the events of a file, each before it is handled.
  mutating func follow(_ event: JSONEvent) {
    if event.kind.beginsValue, let last = steps.indices.last, let index = steps[last].index {
      steps[last].index = index + 1
    }
    switch event.kind {
    case .key: steps[steps.count - 1].key = event.text
    case .objectBegin: steps.append(Step())
    case .listBegin: steps.append(Step(index: -1))
    case .objectEnd, .listEnd: steps.removeLast()
    case .null, .flag, .number, .text: break
    }
  }

  /// The place, without the steps below a depth.
  func text(toDepth depth: Int = .max) -> String {
    steps.prefix(depth).reduce("") { text, step in
      if let index = step.index { return index < 0 ? text : "\(text)[\(index)]" }
      return text.isEmpty || step.key.isEmpty ? text + step.key : "\(text).\(step.key)"
    }
  }
}
