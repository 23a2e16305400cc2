/// Puts a value together from its events.
struct JSONTree {
  private enum Open {
    case list([LabelValue])
    case object([LabelField], key: String)
  }

  private var open: [Open] = []
  /// The value, when all of it is there.
  private(set) var value: LabelValue?
  /// Values since the begin, with those in one another.
  private(set) var valueCount = 0

  /// Whether a value has begun and not ended.
  var isOpen: Bool { !open.isEmpty }

  mutating func take(_ event: JSONEvent) {
    switch event.kind {
    case .null: add(.null)
    case .flag: add(.flag(event.flag))
    case .number: add(.number(event.text))
    case .text: add(.text(event.text))
    case .key: setKey(event.text)
    case .objectBegin: open.append(.object([], key: ""))
    case .listBegin: open.append(.list([]))
    case .objectEnd, .listEnd: close()
    }
  }

  private mutating func setKey(_ key: String) {
    guard case .object(let fields, _) = open.popLast() else { preconditionFailure("keys come in objects") }
    open.append(.object(fields, key: key))
  }

  private mutating func close() {
    switch open.popLast() {
    case .list(let values): add(.list(values))
    case .object(let fields, _): add(.object(fields))
    case nil: preconditionFailure("an end follows a begin")
    }
  }

  private mutating func add(_ value: LabelValue) {
    valueCount += 1
    // Taken out and put back, so that the array has one owner and grows in place.
    switch open.popLast() {
    case .list(var values):
      values.append(value)
      open.append(.list(values))
    case .object(var fields, let key):
      fields.append(LabelField(key, value))
      open.append(.object(fields, key: key))
    case nil: self.value = value
    }
  }
}
