package import Datasets
internal import Imaging

extension TaskReport {
  /// The problem of a product that is there without anybody knowing its labels: its worker died after it had queued the
  /// product, and again at each retry. `nil` if all is well.
  package func lostLabels(in plan: Plan) -> Problem? {
    guard plan.labels != nil, labels == nil, omission == nil else { return nil }
    return Problem(reason: "its labels were lost with the worker that made it")
  }
}

extension LabelOutcome {
  /// The outcome as bytes.
  var payload: [UInt8] {
    var bytes: [UInt8] = []
    for number in [keptCount, losses.count, record.count] { bytes.append(word: UInt64(number)) }
    for loss in losses {
      bytes.append(word: UInt64(loss.object))
      bytes.append(word: UInt64(LossReason.allCases.firstIndex(of: loss.reason) ?? 0))
      bytes.append(word: loss.visibility.bitPattern)
    }
    for fragment in record {
      bytes.append(word: UInt64(fragment.count))
      bytes += fragment
    }
    return bytes
  }

  /// Decodes a `payload`; `nil` if the bytes are none.
  init?(validating payload: [UInt8]) {
    let outcome = MessageReader.read(payload) { reader throws(MessageReader.Malformed) in
      try LabelOutcome(from: &reader)
    }
    guard let outcome else { return nil }
    self = outcome
  }

  private init(from reader: inout MessageReader) throws(MessageReader.Malformed) {
    self.init(keptCount: try reader.number())
    let (lossCount, fragmentCount) = (try reader.count(ofAtLeast: 24), try reader.count(ofAtLeast: 8))
    for _ in 0..<lossCount {
      let object = try reader.number()
      let reason = try reader.number(in: 0...LossReason.allCases.count - 1)
      losses.append(
        LabelLoss(object: object, reason: LossReason.allCases[reason], visibility: try reader.fraction()))
    }
    for _ in 0..<fragmentCount { record.append(try reader.bytes(reader.count(ofAtLeast: 1))) }
  }
}
