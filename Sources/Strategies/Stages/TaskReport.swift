/// What a task has to say of itself.
package struct TaskReport: Hashable, Sendable {
  /// Why a task made no file.
  package struct Problem: Hashable, Sendable {
    /// A sentence fragment.
    package var reason: String
    /// Whether other tasks will fail for the same reason: a full disk, say.
    package var isShortage: Bool
    /// Whether other tasks will fail, too, because what is written to is gone.
    package var isLoss = false

    package init(reason: String, isShortage: Bool) { (self.reason, self.isShortage) = (reason, isShortage) }
  }

  /// What notes begin with that are about one image and no other.
  package static let damagePrefix = "damaged"
  static let framesPrefix = "has"

  /// Whether a note is about one image and no other.
  package static func isOfImage(_ note: String) -> Bool {
    note.hasPrefix("\(damagePrefix),") || note.hasPrefix("\(framesPrefix) ")
  }

  /// Where the time went, in the order of the work; of different ranks where one augmented and another saved.
  package var spans: [StageSpan] = []
  /// Size of the file read for this task; 0 where an earlier task had decoded the image.
  package var readByteCount = 0
  /// Size of the file written.
  package var writtenByteCount = 0
  /// Set if the task failed.
  package var problem: Problem?
  /// What was odd about the image: damage that was decoded around, transforms that have no meaning for it.
  package var notes: [String] = []

  package init(problem: Problem? = nil) { self.problem = problem }

  /// Seconds per stage.
  package var times: StageTimes { StageTimes(spans) }
}

extension TaskReport {
  /// Adds what was done for the same task before, by another process or in another message.
  mutating func append(_ other: TaskReport) {
    spans += other.spans
    readByteCount += other.readByteCount
    writtenByteCount += other.writtenByteCount
    problem = problem ?? other.problem
    notes += other.notes
  }

  /// What is on top of the spans: three numbers and a byte.
  private static let headByteCount = 8 * 3 + 1

  /// The report as bytes: it travels once per task, and a general encoder costs more than a small image.
  package var payload: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(word: UInt64(readByteCount))
    bytes.append(word: UInt64(writtenByteCount))
    bytes.append(word: UInt64(spans.count))
    bytes.append(problem.map { 1 | ($0.isShortage ? 2 : 0) | ($0.isLoss ? 4 : 0) } ?? 0)
    for span in spans { span.words.forEach { bytes.append(word: $0) } }
    let texts = (problem.map { [$0.reason] } ?? []) + notes
    for text in texts { bytes += Array(text.utf8) + [0] }  // they come from C and from us, so they hold no NUL
    return bytes
  }

  /// The report that `payload` was made of.
  package init(payload: some Collection<UInt8>) {
    let payload = Array(payload)
    readByteCount = Int(payload.word(at: 0))
    writtenByteCount = Int(payload.word(at: 8))
    let kind = payload[24]
    let textsOffset = Self.headByteCount + 16 * Int(payload.word(at: 16))
    spans = stride(from: Self.headByteCount, to: textsOffset, by: 16).map {
      StageSpan(words: (payload.word(at: $0), payload.word(at: $0 + 8)))
    }
    let texts = payload[textsOffset...].split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
      String(decoding: $0, as: UTF8.self)
    }
    if kind != 0, let reason = texts.first {
      problem = Problem(reason: reason, isShortage: kind & 2 != 0)
      problem?.isLoss = kind & 4 != 0
    }
    notes = Array(texts.dropFirst(kind == 0 ? 0 : 1))
  }
}

// A span in two words: its begin, and 44 bits of duration with 4 of stage and 16 of rank.
extension StageSpan {
  fileprivate var words: [UInt64] {
    let stage = UInt64(Stage.allCases.firstIndex(of: stage) ?? 0)
    let duration = min(end - begin, (1 << 44) - 1)
    return [begin, duration << 20 | stage << 16 | UInt64(UInt16(truncatingIfNeeded: rank))]
  }

  fileprivate init(words: (UInt64, UInt64)) {
    stage = Stage.allCases[Int(words.1 >> 16 & 15)]
    rank = Int(Int16(truncatingIfNeeded: words.1))
    (begin, end) = (words.0, words.0 + (words.1 >> 20))
  }
}

extension [UInt8] {
  fileprivate mutating func append(word: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: word >> shift)) }
  }

  fileprivate func word(at offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(self[offset + $1]) << UInt64(8 * $1) }
  }
}
