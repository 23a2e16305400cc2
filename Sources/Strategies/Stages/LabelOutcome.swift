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

  /// Decodes a `payload`.
  init(payload: some Collection<UInt8>) {
    let bytes = Array(payload)
    var place = 0
    func word() -> UInt64 {
      defer { place += 8 }
      return bytes.word(at: place)
    }
    let (kept, lossCount, fragmentCount) = (Int(word()), Int(word()), Int(word()))
    let losses = (0..<lossCount).map { _ in
      LabelLoss(
        object: Int(word()), reason: LossReason.allCases[Int(word())], visibility: Double(bitPattern: word()))
    }
    let record = (0..<fragmentCount).map { _ -> [UInt8] in
      let count = Int(word())
      defer { place += count }
      return Array(bytes[place..<place + count])
    }
    self.init(keptCount: kept, losses: losses, record: record)
  }
}
