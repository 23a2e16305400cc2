internal import Imaging

/// What became of the labels of a product.
package struct LabelOutcome: Hashable, Sendable {
  package var keptCount: Int
  package var losses: [LabelLoss]
  /// From `LabelWriter.record`.
  package var record: [[UInt8]]

  package init(keptCount: Int, losses: [LabelLoss] = [], record: [[UInt8]] = []) {
    (self.keptCount, self.losses, self.record) = (keptCount, losses, record)
  }
}

extension LabelOutcome: Decodable {
  enum Key: String, CodingKey { case kept, dropped, record }
  enum LossKey: String, CodingKey { case object, reason, visibility }

  /// What a manifest may say of a number, so that sums do not overflow.
  private static let numbers = 0...1 << 40

  /// Decodes what a manifest keeps.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    var dropped = try container.nestedUnkeyedContainer(forKey: .dropped)
    var losses: [LabelLoss] = []
    while !dropped.isAtEnd {
      let loss = try dropped.nestedContainer(keyedBy: LossKey.self)
      let word = try loss.decode(String.self, forKey: .reason)
      guard let reason = LossReason(rawValue: word) else {
        throw DecodingError.dataCorruptedError(forKey: .reason, in: loss, debugDescription: "no reason \(word)")
      }
      losses.append(
        LabelLoss(
          object: try loss.decode(Int.self, forKey: .object), reason: reason,
          visibility: try loss.decode(Double.self, forKey: .visibility)))
    }
    let keptCount = try container.decode(Int.self, forKey: .kept)
    guard Self.numbers.contains(keptCount) else {
      throw DecodingError.dataCorruptedError(forKey: .kept, in: container, debugDescription: "no number of objects")
    }
    self.init(
      keptCount: keptCount, losses: losses,
      record: try container.decode([String].self, forKey: .record).map { Array($0.utf8) })
  }
}

extension JSONText {
  /// Appends what a manifest keeps.
  mutating func append(_ outcome: LabelOutcome) {
    append("{\"kept\":")
    append(outcome.keptCount)
    append(",\"dropped\":")
    append(list: outcome.losses) { json, loss in
      json.append("{\"object\":")
      json.append(loss.object)
      json.append(",\"reason\":")
      json.append(quoting: loss.reason.rawValue)
      json.append(",\"visibility\":")
      json.append(loss.visibility)
      json.append("}")
    }
    append(",\"record\":")
    append(list: outcome.record) { json, fragment in json.append(quoting: String(decoding: fragment, as: UTF8.self)) }
    append("}")
  }
}
