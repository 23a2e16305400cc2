package import Datasets
internal import Glibc
internal import Imaging
internal import Platform
internal import ProcPool
internal import SystemPackage

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
      /// It took longer than the limit.
      case tookTooLong
      /// It wanted more memory than a worker may take.
      case wantsMemory
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
  /// What is wrong with the file of the image, which was decoded as far as possible; `nil` if it is sound.
  package var damage: String?
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

  /// Stands for a report that is none: something has written over the memory of the worker.
  static let malformed = TaskReport(problem: malformedProblem)
  static let malformedProblem = Problem(reason: "its worker sent a report that makes no sense")

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
    damage = damage ?? other.damage
    omission = omission ?? other.omission
    labels = labels ?? other.labels
    product.append(other.product)
  }

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
    bytes.append((omission == nil ? 0 : 1) + (labels == nil ? 0 : 2) + (damage == nil ? 0 : 4))
    for span in spans { span.words.forEach { bytes.append(word: $0) } }
    bytes += outcome
    bytes += product
    let texts = [problem?.reason, omission, damage].compactMap(\.self) + notes + imageNotes
    for text in texts { bytes += Array(text.utf8) + [0] }  // from C strings and this package, so without NUL
    return bytes
  }

  /// Decodes a `payload`; `nil` if the bytes are none.
  package init?(validating payload: some Collection<UInt8>) {
    let report = MessageReader.read(payload) { reader throws(MessageReader.Malformed) in
      try TaskReport(from: &reader)
    }
    guard let report else { return nil }
    self = report
  }

  init(from reader: inout MessageReader) throws(MessageReader.Malformed) {
    readByteCount = try reader.number()
    writtenByteCount = try reader.number()
    let spanCount = try reader.count(ofAtLeast: 16)
    let noteCount = try reader.count(ofAtLeast: 1)
    let outcomeByteCount = try reader.count(ofAtLeast: 1)
    let productByteCount = try reader.count(ofAtLeast: 1)
    let (kind, flags) = (try reader.byte(), try reader.byte())
    guard flags < 8, kind == 0 || Problem.Kind(rawValue: kind) != nil else { throw MessageReader.Malformed() }
    for _ in 0..<spanCount { spans.append(try StageSpan(from: &reader)) }
    let outcome = try reader.bytes(outcomeByteCount)
    if flags & 2 != 0 { labels = try LabelOutcome(validating: outcome).orMalformed() }
    product = try ProductRecord(validating: reader.bytes(productByteCount)).orMalformed()
    if let kind = Problem.Kind(rawValue: kind) { problem = Problem(reason: try reader.text(), kind) }
    if flags & 1 != 0 { omission = try reader.text() }
    if flags & 4 != 0 { damage = try reader.text() }
    for _ in 0..<noteCount { notes.append(try reader.text()) }
    while !reader.isAtEnd { imageNotes.append(try reader.text()) }
  }
}

extension Optional {
  /// The value of a part that must be there.
  func orMalformed() throws(MessageReader.Malformed) -> Wrapped {
    guard let self else { throw MessageReader.Malformed() }
    return self
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

  /// Decodes a `payload`; `nil` if the bytes are none.
  package init?(validating payload: [UInt8]) {
    let reports = MessageReader.read(payload) { reader throws(MessageReader.Malformed) in
      var reports: [TaskReport] = []
      while !reader.isAtEnd {
        let byteCount = try reader.count(ofAtLeast: 1)
        reports.append(try TaskReport(validating: reader.bytes(byteCount)).orMalformed())
      }
      return reports
    }
    guard let reports else { return nil }
    self = reports
  }
}

// A span in two 64-bit words: begin; then 44 bits of duration, 4 of stage and 16 of rank.
extension StageSpan {
  fileprivate var words: [UInt64] {
    let stage = UInt64(Stage.allCases.firstIndex(of: stage) ?? 0)
    let duration = min(end - begin, (1 << 44) - 1)
    return [begin, duration << 20 | stage << 16 | UInt64(UInt16(truncatingIfNeeded: rank))]
  }

  fileprivate init(from reader: inout MessageReader) throws(MessageReader.Malformed) {
    let (begin, word) = (try reader.word(), try reader.word())
    let stageNumber = Int(word >> 16 & 15)
    let rank = Int(Int16(truncatingIfNeeded: word))
    // Far below the limit of the type, so that times can be added.
    guard begin < 1 << 62, Stage.allCases.indices.contains(stageNumber), rank >= Self.mainRank else {
      throw MessageReader.Malformed()
    }
    self.init(stage: Stage.allCases[stageNumber], rank: rank, begin: begin, end: begin + word >> 20)
  }
}

extension TaskReport.Problem {
  init(_ error: ImagingError) {
    let kind: Kind =
      switch error {
      case .tooLarge: .tooLarge
      case .outOfMemory: Sandbox.isLimitReached ? .wantsMemory : .shortage
      default: .image
      }
    self.init(reason: error.description, kind)
  }

  init(_ error: FileError) {
    let kind: Kind =
      if error.errno == .noMemory, Sandbox.isLimitReached {
        .wantsMemory
      } else {
        error.isShortage ? .shortage : error.isLoss ? .outputGone : .image
      }
    self.init(reason: error.reason, kind)
  }

  /// The problem of a task that was lost with its worker.
  init(_ failure: TaskFailure) {
    switch failure.cause {
    case .workerEnded(let end):
      let times = failure.attempts > 1 ? ", \(failure.attempts) times" : ""
      self.init(reason: "the worker \(end)\(times)\(end.conjecture)")
    case .timedOut(let seconds): self.init(reason: "it took longer than \(Imaging.format(seconds)) s", .tookTooLong)
    default: self.init(reason: failure.description)
    }
  }
}

extension ProcessEnd {
  /// What a signal mostly means that nobody sent on purpose, in brackets; empty if it speaks for itself.
  fileprivate var conjecture: String {
    switch self {
    case .signal(SIGKILL): " (out of memory?)"
    case .signal(SIGSYS): " (a system call that its sandbox forbids)"
    default: ""
    }
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
      log.report.problem = .init(error)
    } catch {
      log.report.problem = .init(reason: String(describing: error))
    }
    log.report.spans = log.clock.spans
    return log.report
  }
}
