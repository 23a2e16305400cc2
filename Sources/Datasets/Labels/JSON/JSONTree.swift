/// Puts a value together from its events.
struct JSONTree {
  private enum Open {
    case list([LabelValue])
    /// A list of nothing but numbers so far.
    case numbers(String, count: Int)
    case object([LabelField], key: String)
  }

  /// Of fewer numbers, a list is shorter.
  private static let leastNumbers = 4

  private var open: [Open] = []
  /// How many values all trees have that were put together, without those in lists of numbers.
  private(set) var valueCount = 0

  /// - Returns: the value, with its last event.
  mutating func take(_ event: JSONEvent) -> LabelValue? {
    switch event.kind {
    case .null: return add(.null)
    case .flag: return add(.flag(event.flag))
    case .number: return addNumber(event.text)
    case .text: return add(.text(event.text))
    case .objectEnd, .listEnd: return close()
    case .key: setKey(event.text)
    case .objectBegin: open.append(.object([], key: ""))
    case .listBegin: open.append(.numbers("", count: 0))
    }
    return nil
  }

  private mutating func setKey(_ key: String) {
    guard case .object(let fields, _) = open.popLast() else { preconditionFailure("keys come in objects") }
    open.append(.object(fields, key: key))
  }

  private mutating func close() -> LabelValue? {
    switch open.popLast() {
    case .list(let values): add(.list(values))
    case .numbers(let text, let count):
      // Copied, because a text that has grown takes up to twice its size.
      add(
        count < Self.leastNumbers
          ? .list(LabelValue.numbers(text).items ?? []) : .numbers(String(decoding: Array(text.utf8), as: UTF8.self)))
    case .object(let fields, _): add(.object(fields))
    case nil: preconditionFailure("an end follows a begin")
    }
  }

  private mutating func addNumber(_ number: String) -> LabelValue? {
    guard case .numbers(var text, let count) = open.last else { return add(.number(number)) }
    open.removeLast()  // so that the text has one owner and grows in place
    if count > 0 { text += "," }
    text += number
    open.append(.numbers(text, count: count + 1))
    return nil
  }

  private mutating func add(_ value: LabelValue) -> LabelValue? {
    valueCount += 1
    switch open.popLast() {
    case .list(var values):
      values.append(value)
      open.append(.list(values))
    case .numbers(let text, _):
      open.append(.list((LabelValue.numbers(text).items ?? []) + [value]))
    case .object(var fields, let key):
      fields.append(LabelField(key, value))
      open.append(.object(fields, key: key))
    case nil: return value
    }
    return nil
  }
}
