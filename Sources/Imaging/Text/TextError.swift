internal import CText

/// Why a text was not drawn.
package enum TextError: Error, Hashable, Sendable {
  case empty
  /// Spaces or invisible characters only.
  case blank
  case tooLong(scalarCount: Int, limit: Int)
  case controlCharacter(Unicode.Scalar)
  /// The description of a font is too long or holds a control character.
  case invalidFont
  /// No installed font has these characters, the first of those in the text.
  case undrawable([Unicode.Scalar])
  /// No font of any of the families is installed; the text lists them.
  case noFamily(String)
  /// No font at all is installed.
  case noFont
  /// A shared library is missing; the text is the loader's.
  case noLibrary(String)
  /// The machine is short of memory, processes or descriptors; the text names it.
  case shortage(String)
  case failed(String)
}

extension TextError {
  /// The error of a report; `nil` if the text was drawn.
  init?(_ report: ctext_report) {
    switch report.status {
    case CTEXT_OK: return nil
    case CTEXT_NO_LIBRARY: self = .noLibrary(report.text)
    case CTEXT_NO_FONT: self = .noFont
    case CTEXT_NO_FAMILY: self = .noFamily(report.text)
    case CTEXT_UNDRAWABLE: self = .undrawable(report.missingScalars)
    case CTEXT_NOTHING_DRAWN: self = .blank
    case CTEXT_SHORTAGE: self = .shortage(report.text)
    default: self = .failed(report.text)
    }
  }
}

extension ctext_report {
  fileprivate var text: String {
    unsafe withUnsafeBytes(of: message) { bytes in unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
  }

  fileprivate var missingScalars: [Unicode.Scalar] {
    unsafe withUnsafeBytes(of: missing) { bytes in
      unsafe bytes.bindMemory(to: UInt32.self).prefix(Int(missing_count)).compactMap(Unicode.Scalar.init)
    }
  }
}

extension TextError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .empty: "the text is empty"
    case .blank: "the text is blank"
    case .tooLong(let count, let limit): "the text has \(count) characters, more than the limit of \(limit)"
    case .controlCharacter(let scalar): "the text contains the control character \(scalar.codePoint)"
    case .invalidFont: "the font's name is too long or contains control characters"
    case .undrawable(let scalars): "no installed font has \(Self.list(scalars))"
    case .noFamily(let families): "no font of \(families) is installed"
    case .noFont: "no font is installed"
    case .noLibrary(let text): "text cannot be drawn: \(text)"
    case .shortage(let text), .failed(let text): "the text was not drawn: \(text)"
    }
  }

  private static func list(_ scalars: [Unicode.Scalar]) -> String {
    let shown = scalars.prefix(4).map { "“\($0)” (\($0.codePoint))" }.joined(separator: ", ")
    return scalars.count > 4 ? shown + " and others" : shown
  }
}

extension Unicode.Scalar {
  /// As Unicode writes it: "U+4E2D".
  fileprivate var codePoint: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
