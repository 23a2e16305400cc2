internal import FoundationEssentials

/// Values as JSON for other programs.
enum JSONText {
  /// One object on one line, with sorted keys.
  static func line(_ value: some Encodable) throws(Failure) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw Failure("cannot encode the summary: \(error)")
    }
  }
}
