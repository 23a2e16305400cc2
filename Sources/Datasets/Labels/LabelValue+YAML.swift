internal import Imaging

extension LabelValue {
  /// A value of a YAML file. A number that JSON would write otherwise, such as `.5`, is written as JSON would.
  init(_ value: ConfigValue) {
    self =
      switch value.content {
      case .null: .null
      case .flag(let flag): .flag(flag)
      case .text(let text): .text(text)
      case .number(let number): .number(number, writtenAs: value.source)
      case .list(let values): .list(values.map(LabelValue.init))
      case .object(let entries): .object(entries.map { LabelField($0.key, LabelValue($0.value)) })
      }
  }

  /// A number as it is written, if JSON, the strictest of the formats, would write it so; else as this program would.
  static func number(_ number: Double, writtenAs text: String) -> LabelValue {
    guard number.isFinite else { return .text(text) }
    let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }
    let whole = digits.prefix { $0 != UInt8(ascii: ".") && $0 | 0x20 != UInt8(ascii: "e") }
    let fraction = digits.dropFirst(whole.count).prefix { $0 | 0x20 != UInt8(ascii: "e") }
    let isJSON =
      !whole.isEmpty && whole.allSatisfy("0123456789".utf8.contains)
      && (whole.count == 1 || whole.first != UInt8(ascii: "0"))
      && fraction.count != 1 && text.utf8.count - digits.count <= 1
    return .number(isJSON ? text : format(number))
  }
}
