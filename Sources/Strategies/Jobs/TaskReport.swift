/// What a task has to say of itself.
public struct TaskReport: Hashable, Sendable {
  /// Why a task made no file.
  public struct Problem: Hashable, Sendable {
    /// A sentence fragment.
    public var reason: String
    /// Whether other tasks will fail for the same reason: a full disk, say.
    public var isShortage: Bool
  }

  /// What a note begins with that is about one image and no other.
  public static let damagePrefix = "damaged"

  /// Where the time went.
  public var times = StageTimes()
  /// Size of the file read for this task; 0 where an earlier task had decoded the image.
  public var readByteCount = 0
  /// Size of the file written.
  public var writtenByteCount = 0
  /// Set if the task failed.
  public var problem: Problem?
  /// What was odd about the image: damage that was decoded around, transforms that have no meaning for it.
  public var notes: [String] = []
}

extension TaskReport {
  /// The report as bytes: it travels once per task, and a general encoder costs more than a small image.
  var payload: [UInt8] {
    var bytes: [UInt8] = []
    for stage in Stage.allCases { bytes.append(word: times[stage].bitPattern) }
    bytes.append(word: UInt64(readByteCount))
    bytes.append(word: UInt64(writtenByteCount))
    bytes.append(problem == nil ? 0 : problem?.isShortage == true ? 2 : 1)
    let texts = (problem.map { [$0.reason] } ?? []) + notes
    for text in texts { bytes += Array(text.utf8) + [0] }  // they come from C and from us, so they hold no NUL
    return bytes
  }

  /// The report that `payload` was made of.
  init(payload: [UInt8]) {
    var words = (0..<Stage.allCases.count + 2).map { payload.word(at: 8 * $0) }
    writtenByteCount = Int(words.removeLast())
    readByteCount = Int(words.removeLast())
    for (stage, word) in zip(Stage.allCases, words) { times[stage] = Double(bitPattern: word) }
    let kind = payload[8 * (words.count + 2)]
    let texts = payload[(8 * (words.count + 2) + 1)...].split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    if kind != 0, let reason = texts.first { problem = Problem(reason: reason, isShortage: kind == 2) }
    notes = Array(texts.dropFirst(kind == 0 ? 0 : 1))
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
