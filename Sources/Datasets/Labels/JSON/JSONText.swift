internal import Imaging

/// JSON that is being written.
struct JSONText {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ text: StaticString) {
    unsafe bytes += UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  /// Appends JSON.
  mutating func append(_ json: [UInt8]) { bytes += json }

  mutating func append(_ number: Int) { bytes += String(number).utf8 }

  /// Rounds to a ten-thousandth: finer than any label is placed, and free of the tails of binary fractions.
  mutating func append(_ number: Double) {
    let scaled = (number * 10_000).rounded()
    guard abs(scaled) < 0x1p62 else { return append("null") }  // also `nan`
    var (rest, decimals) = (Int(scaled).magnitude, 4)
    while decimals > 0, rest.isMultiple(of: 10) { (rest, decimals) = (rest / 10, decimals - 1) }
    let begin = bytes.count
    // From the last digit to the first; there are millions, so no text is made of each.
    for _ in 0..<decimals { appendDigit(of: &rest) }
    if decimals > 0 { append(".") }
    repeat { appendDigit(of: &rest) } while rest > 0
    if scaled < 0 { append("-") }
    reverse(from: begin)
  }

  /// In place, which `reverse` of a slice is not.
  private mutating func reverse(from begin: Int) {
    var (first, last) = (begin, bytes.count - 1)
    while first < last {
      bytes.swapAt(first, last)
      (first, last) = (first + 1, last - 1)
    }
  }

  private mutating func appendDigit(of number: inout UInt) {
    bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
    number /= 10
  }

  /// Appends a text in quotes.
  mutating func append(quoting text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): append("\\n")
      case UInt8(ascii: "\t"): append("\\t")
      case UInt8(ascii: "\r"): append("\\r")
      case 0..<0x10: bytes += "\\u000\(String(byte, radix: 16))".utf8
      case 0x10..<0x20: bytes += "\\u00\(String(byte, radix: 16))".utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends a list of what `body` writes for each item.
  mutating func append<Item>(list items: some Sequence<Item>, _ body: (inout JSONText, Item) -> Void) {
    append("[")
    for (index, item) in items.enumerated() {
      if index > 0 { append(", ") }
      body(&self, item)
    }
    append("]")
  }
}

extension JSONText {
  mutating func append(_ value: LabelValue) {
    switch value {
    case .number(let text): append(numberText: text[...])
    case .text(let text): append(quoting: text)
    case .flag(let flag): append(flag ? "true" : "false")
    case .null: append("null")
    case .list(let values): append(list: values) { json, value in json.append(value) }
    case .numbers(let text):
      append(list: text.split(separator: ",")) { json, number in json.append(numberText: number) }
    case .object(let fields):
      append("{")
      append(fields)
      append("}")
    }
  }

  /// Appends the inside of an object. Values of a repeated name, which XML has, become a list.
  mutating func append(_ fields: [LabelField]) {
    var names: Set<String> = []
    for field in fields where names.insert(field.name).inserted {
      if names.count > 1 { append(", ") }
      append(quoting: field.name)
      append(": ")
      let values = fields.count == 1 ? [field.value] : fields.filter { $0.name == field.name }.map(\.value)
      append(values.count == 1 ? values[0] : .list(values))
    }
  }

  /// Appends a number as it is written, if that is JSON: other formats have other numbers, and Python writes NaN, which
  /// most readers of JSON refuse together with the whole file.
  private mutating func append(numberText text: Substring) {
    if text.isNumberOfJSON {
      bytes += text.utf8
    } else if ["NaN", "Inf", "Infinity", "-Inf", "-Infinity"].contains(text) {
      append("null")
    } else {
      append(quoting: String(text))
    }
  }
}

extension Substring {
  /// -12.5e+3
  fileprivate var isNumberOfJSON: Bool {
    var rest = utf8[...]
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    let whole = rest.takeDigits()
    guard whole.count == 1 || whole.count > 1 && whole.first != UInt8(ascii: "0") else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard !rest.takeDigits().isEmpty else { return false }
    }
    guard let mark = rest.popFirst() else { return true }
    guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return false }
    if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    return !rest.takeDigits().isEmpty && rest.isEmpty
  }
}

extension Substring.UTF8View {
  fileprivate mutating func takeDigits() -> Substring.UTF8View {
    let digits = prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    removeFirst(digits.count)
    return digits
  }
}
