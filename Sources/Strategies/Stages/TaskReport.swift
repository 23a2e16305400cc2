package import Datasets
internal import Imaging
internal import Platform
internal import ProcPool

/// The outcome of one task: bytes read and written, stage times, problem, notes.
package struct TaskReport: Hashable, Sendable {
  /// Why a task made no file.
  package struct Problem: Hashable, Sendable {
    package enum Kind: UInt8, CaseIterable, Sendable {
      /// Other tasks may succeed.
      case image = 1
      /// The image has more pixels than the limit.
      case tooLarge
      /// Other tasks will fail for the same reason, such as a full disk.
      case shortage
      /// Other tasks will fail because the output is gone.
      case outputGone
    }

    /// A sentence fragment.
    package var reason: String
    package var kind: Kind

    package init(reason: String, _ kind: Kind = .image) { (self.reason, self.kind) = (reason, kind) }
  }

  /// Stage times in the order of the work; of two ranks if one augmented and another saved.
  package var spans: [StageSpan] = []
  /// Size of the file read for this task; 0 if the image was already decoded.
  package var readByteCount = 0
  package var writtenByteCount = 0
  /// Set if the task failed.
  package var problem: Problem?
  /// Sentences that are the same for all images that they apply to, such as transforms that are left out.
  package var notes: [String] = []
  /// Oddities of this image, such as damage that was decoded around.
  package var imageNotes: [String] = []
  /// Why the task makes no file although nothing failed; empty if it has none to make. A sentence fragment.
  package var omission: String?
  /// The labels of the product; `nil` in a run without labels.
  package var labels: LabelOutcome?
  /// What a manifest keeps of the product; empty in a run without.
  package var product = ProductRecord()

  package init(problem: Problem? = nil) { self.problem = problem }

  /// Of a task without an output.
  static let nothingToMake: TaskReport = {
    var report = TaskReport()
    report.omission = ""
    return report
  }()

  /// Stands for a report that a worker should have sent.
  static let missing = TaskReport(problem: Problem(reason: "its worker said nothing about it"))

  package var times: StageTimes { StageTimes(spans) }
}

extension TaskReport {
  /// Adds another part of the report on the same task, from another process or message.
  mutating func append(_ other: TaskReport) {
    spans += other.spans
    readByteCount += other.readByteCount
    writtenByteCount += other.writtenByteCount
    problem = problem ?? other.problem
    notes += other.notes
    imageNotes += other.imageNotes
    omission = omission ?? other.omission
    labels = labels ?? other.labels
    product.append(other.product)
  }

  /// Bytes before the spans: six 8-byte integers and two flag bytes.
  private static let headByteCount = 8 * 6 + 2

  /// The report as bytes. Hand-coded: it is sent once per task, and a general encoder costs more than a small image.
  package var payload: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(word: UInt64(readByteCount))
    bytes.append(word: UInt64(writtenByteCount))
    bytes.append(word: UInt64(spans.count))
    bytes.append(word: UInt64(notes.count))
    let outcome = labels?.payload ?? []
    bytes.append(word: UInt64(outcome.count))
    let product = product.payload
    bytes.append(word: UInt64(product.count))
    bytes.append(problem?.kind.rawValue ?? 0)
    bytes.append((omission == nil ? 0 : 1) + (labels == nil ? 0 : 2))
    for span in spans { span.words.forEach { bytes.append(word: $0) } }
    bytes += outcome
    bytes += product
    let texts = (problem.map { [$0.reason] } ?? []) + (omission.map { [$0] } ?? []) + notes + imageNotes
    for text in texts { bytes += Array(text.utf8) + [0] }  // from C strings and this package, so without NUL
    return bytes
  }

  /// Decodes a `payload`.
  package init(payload: some Collection<UInt8>) {
    let payload = Array(payload)
    readByteCount = Int(payload.word(at: 0))
    writtenByteCount = Int(payload.word(at: 8))
    let (kind, flags) = (Problem.Kind(rawValue: payload[48]), payload[49])
    let spansEnd = Self.headByteCount + 16 * Int(payload.word(at: 16))
    spans = stride(from: Self.headByteCount, to: spansEnd, by: 16).map {
      StageSpan(words: (payload.word(at: $0), payload.word(at: $0 + 8)))
    }
    let productOffset = spansEnd + Int(payload.word(at: 32))
    if flags & 2 != 0 { labels = LabelOutcome(payload: payload[spansEnd..<productOffset]) }
    let textsOffset = productOffset + Int(payload.word(at: 40))
    product = ProductRecord(payload: payload[productOffset..<textsOffset])
    let texts = payload[textsOffset...].split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
      String(decoding: $0, as: UTF8.self)
    }
    if let kind, let reason = texts.first { problem = Problem(reason: reason, kind) }
    let hasOmission = flags & 1 != 0
    if hasOmission { omission = texts.dropFirst(kind == nil ? 0 : 1).first }
    let allNotes = texts.dropFirst((kind == nil ? 0 : 1) + (hasOmission ? 1 : 0))
    let noteCount = Int(payload.word(at: 24))
    (notes, imageNotes) = (Array(allNotes.prefix(noteCount)), Array(allNotes.dropFirst(noteCount)))
  }
}

extension [TaskReport] {
  /// The reports as bytes, each behind its size.
  package var payload: [UInt8] {
    reduce(into: []) { bytes, report in
      let payload = report.payload
      bytes.append(word: UInt64(payload.count))
      bytes += payload
    }
  }

  /// Decodes a `payload`.
  init(payload: [UInt8]) {
    self = []
    var offset = 0
    while offset < payload.count {
      let end = offset + 8 + Int(payload.word(at: offset))
      append(TaskReport(payload: payload[offset + 8..<end]))
      offset = end
    }
  }
}

// A span in two 64-bit words: begin; then 44 bits of duration, 4 of stage and 16 of rank.
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
  mutating func append(word: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: word >> shift)) }
  }

  func word(at offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(self[offset + $1]) << UInt64(8 * $1) }
  }
}

extension TaskReport.Problem {
  init(_ error: ImagingError) {
    let kind: Kind =
      switch error {
      case .tooLarge: .tooLarge
      case .outOfMemory: .shortage
      default: .image
      }
    self.init(reason: error.description, kind)
  }

  /// The problem of a task that was lost with its worker.
  init(_ failure: TaskFailure) {
    let reason: String
    switch failure.cause {
    case .workerEnded(let end):
      reason = "the worker \(end)" + (failure.attempts > 1 ? ", \(failure.attempts) times" : "")
    default: reason = failure.description
    }
    self.init(reason: reason)
  }
}

/// The log of a running task: its stage times and its report.
struct TaskLog {
  var report = TaskReport()
  private var clock: StageClock

  init(rank: Int) { clock = StageClock(rank: rank) }

  var rank: Int { clock.rank }

  /// Attributes the time since the last call, or since `init`, to `stage`.
  mutating func end(_ stage: Stage) { clock.end(stage) }

  /// Runs `body`. Errors become part of the report and are never thrown.
  static func report(rank: Int, _ body: (inout TaskLog) throws -> Void) -> TaskReport {
    var log = TaskLog(rank: rank)
    do {
      try body(&log)
    } catch let error as ImagingError {
      log.report.problem = .init(error)
    } catch let error as FileError {
      let kind: TaskReport.Problem.Kind = error.isShortage ? .shortage : error.isLoss ? .outputGone : .image
      log.report.problem = .init(reason: error.reason, kind)
    } catch {
      log.report.problem = .init(reason: String(describing: error))
    }
    log.report.spans = log.clock.spans
    return log.report
  }
}
