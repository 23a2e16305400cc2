internal import Datasets
internal import FoundationEssentials
internal import Imaging
internal import Jobs
internal import ProcPool

/// Does tasks in one process, with scratch memory reused from task to task: a source reader, a job worker, a sink.
///
/// One is made in the main process and inherited by all forked processes.
final class TaskRunner<Work: Job> {
  private let run: JobRun<Work>
  private let sandbox: Sandbox?
  private let givenUp: GivenUpImages?
  private var rank = StageSpan.mainRank
  private var reader: SourceReader
  private let worker: Work.Worker
  private var sink: Sink
  private var product = Image()
  private var masks: MaskStage?
  /// Writes down what was drawn; `nil` in a run without a manifest.
  private let recorder: JSONEncoder?
  private var deep: DeepStage

  /// - Parameters:
  ///   - worker: makes the products, in place of the job's own.
  ///   - presence: records which ranks are reading or writing a file, for a strategy that needs it.
  ///   - givenUp: whose tasks are not done, in a strategy that hands out the copies of an image one by one.
  convenience init(
    _ run: JobRun<Work>, _ how: RunDescription.How, worker: Work.Worker? = nil, presence: DiskPresence? = nil,
    givenUp: GivenUpImages? = nil
  ) throws {
    let limit = try how.writeMegabytesPerSecond.map(WriteLimit.init)
    ImageFormat.prepareReaders(of: run.plan.images.lazy.map(\.format))
    self.init(run, how.guards.sandbox(for: run), limit, worker: worker ?? run.job.makeWorker(), presence, givenUp)
  }

  private init(
    _ run: JobRun<Work>, _ sandbox: Sandbox?, _ limit: WriteLimit?, worker: Work.Worker,
    _ presence: DiskPresence? = nil, _ givenUp: GivenUpImages? = nil
  ) {
    (self.run, self.sandbox, self.givenUp) = (run, sandbox, givenUp)
    reader = SourceReader(run, presence)
    self.worker = worker
    sink = Sink(run, limit, presence)
    masks = MaskStage(run)
    recorder = run.keepsRecord ? .ofDraws : nil
    deep = DeepStage(run.files)
  }

  /// One for each thread of a process, by rank, with one limit on the write bandwidth of all. They have begun: what a
  /// process does once is done by the calling thread, before there are others.
  static func forThreads(_ run: JobRun<Work>, _ how: RunDescription.How) throws -> [TaskRunner] {
    let limit = try how.writeMegabytesPerSecond.map(WriteLimit.init)
    return (0..<how.ranks).map { rank in
      let runner = TaskRunner(run, nil, limit, worker: run.job.makeWorker())
      runner.begin(rank: rank)
      return runner
    }
  }

  /// Call once in every process that transforms, before its first task: OpenCV on this thread alone, freed memory kept.
  func begin(rank: Int) {
    self.rank = rank
    ImagingRuntime.prepareProcess()
  }

  /// Call once in every worker, before its first task: as `begin`; and from then on the worker can use nothing but the
  /// folders of the run, and its share of memory.
  func beginWorker(rank: Int) {
    begin(rank: rank)
    sandbox?.enter()
  }

  /// Call once in a process that reads and forks afterwards.
  static func prepareReadingProcess() { ImagingRuntime.keepFreedMemory() }

  /// Makes a product from the file of its image. The image is not decoded again if the previous task used it.
  func make(_ task: Int) -> TaskReport {
    guard let output = run.plan.output(ofTask: task) else { return .nothingToMake }
    if let problem = givenUp?.problem(of: task) { return TaskReport(problem: problem) }
    return attempt { log in try make(output, into: nil, &log) }
  }

  /// Makes all products of an image.
  func makeAll(ofImage imageIndex: Int) -> [TaskReport] { run.plan.grid.tasks(ofImage: imageIndex).map { make($0) } }

  /// Makes a product from an image that is decoded in shared memory.
  func make(_ shared: SharedTask, in arena: SharedArena) -> TaskReport {
    guard let source = shared.source else { return make(shared.task) }
    guard let output = run.plan.output(ofTask: shared.task) else { return .nothingToMake }
    return attempt { log in
      try arena.withBytes(of: source.slot) { memory in
        try source.layout.withImage(in: memory) { image in
          _ = try make(output, of: image, { try reader.read(output.imageIndex, &$0) }, into: nil, &log)
        }
      }
    }
  }

  /// Makes a product from the file of its image, into a slot of `queue`. Waits while the queue is full. Saves a product
  /// that does not fit.
  /// - Returns: whether the product was queued.
  func make(_ task: Int, into queue: CopyQueue) -> HeadedReport<Bool> {
    guard let output = run.plan.output(ofTask: task) else { return HeadedReport(head: false, report: .nothingToMake) }
    if let problem = givenUp?.problem(of: task) {
      return HeadedReport(head: false, report: TaskReport(problem: problem))
    }
    var isQueued = false
    let report = attempt { log in isQueued = try make(output, into: queue, &log) }
    return HeadedReport(head: isQueued, report: report)
  }

  /// Reads and decodes an image into a slot.
  /// - Parameter imageIndex: among the images that are left.
  /// - Returns: its layout; `nil` if it failed, as the report says, or is too large.
  func read(_ imageIndex: Int, into slot: SharedSlot, of arena: SharedArena) -> HeadedReport<ImageLayout?> {
    var layout: ImageLayout?
    let report = attempt { log in
      layout = try arena.withMutableBytes(of: slot) { memory in
        try reader.load(run.plan.imageIndex(at: imageIndex), into: &memory, &log)
      }
    }
    return HeadedReport(head: layout, report: report)
  }

  /// Encodes and writes the oldest product of `queue`, if there is one. Drops a product after
  /// `QueuedCopy.deliveryLimit` savers have died of it.
  func save(from queue: CopyQueue) -> HeadedReport<SaveVerdict> {
    let taken = try? queue.take(timeoutSeconds: 0)
    guard let message = taken else { return HeadedReport(head: .nothingThere, report: TaskReport()) }
    let copy = message.header
    // Of a worker gone wrong, which has written over the queue.
    guard 0..<run.plan.taskCount ~= copy.task else { return HeadedReport(head: .nothingThere, report: TaskReport()) }
    guard message.deliveryCount <= QueuedCopy.deliveryLimit else {
      return HeadedReport(head: .givenUp(task: copy.task), report: TaskReport())
    }
    let report = attempt { log in
      guard let layout = copy.layout, let output = run.plan.output(ofTask: copy.task) else { return }
      try message.withBytes { memory in
        try layout.withImage(in: memory) { image in try sink.put(image, as: output, &log) }
      }
    }
    return HeadedReport(head: .saved(task: copy.task), report: report)
  }

  private func attempt(_ body: (inout TaskLog) throws -> Void) -> TaskReport { TaskLog.report(rank: rank, body) }

  @discardableResult
  private func make(_ output: PlannedOutput, into queue: CopyQueue?, _ log: inout TaskLog) throws -> Bool {
    try reader.load(output.imageIndex, &log)
    return try make(output, of: reader.image, { _ in reader.bytes }, into: queue, &log)
  }

  /// The only path from a decoded source to a sink.
  /// - Parameter bytes: gives the file of the source, for products that need no pixels.
  /// - Returns: whether the product was queued.
  private func make(
    _ output: PlannedOutput, of source: borrowing Image, _ bytes: (inout TaskLog) throws -> [UInt8],
    into queue: CopyQueue?, _ log: inout TaskLog
  ) throws -> Bool {
    let labels = try run.plan.labels.map { dataset throws(ImagingError) in
      try SourceLabels(dataset, of: output.imageIndex, shape: source.fullShape)
    }
    log.report.imageNotes += labels?.notes ?? []
    if output.isCarriedOver {
      try follow(nil, nil, of: labels, size: source.fullShape.size, as: output, &log)
      _ = try sink.put(.bytes, of: bytes, as: output, &log)
      return false
    }
    var facts = SourceFacts(run.plan.images[output.imageIndex], shape: source.fullShape, labels: labels)
    if run.job.needsMasks { facts.mask = try masks?.scene(of: output, size: source.fullShape.size, &log) }
    let draft = try worker.draft(output, of: facts)
    if let recorder, !draft.sampled.isEmpty {
      log.report.product.draw = try Array(recorder.encode(draft.sampled))
    }
    log.report.notes += draft.notes
    log.report.imageNotes += draft.imageNotes
    let followed = try draft.labels ?? labels?.followed(through: draft.geometry)
    if let lost = followed?.lostCount, lost > 0, labels?.lostBoxes == .skip {
      log.report.omission = "it would lose \(lost) of its objects"
      return false
    }
    do {
      let geometry = draft.shortcut == .bytes ? nil : draft.geometry
      try follow(geometry, followed, of: labels, size: source.fullShape.size, as: output, &log)
      return try put(draft, of: source, bytes, as: output, into: queue, &log)
    } catch {
      sink.withdraw(output)
      log.report.product.files = []
      throw error
    }
  }

  /// Has masks and labels follow the pixels, and writes them. Without a geometry, the source is copied as it is. They come before the image, so that none is without.
  private func follow(
    _ geometry: [Imaging.Operation]?, _ known: FollowedLabels?, of source: SourceLabels?, size: ImageSize,
    as output: PlannedOutput, _ log: inout TaskLog
  ) throws {
    guard let source else { return }
    let labels = try known ?? source.followed(through: geometry ?? [])
    log.end(.transform)
    try sink.put(labels, of: source, as: output, &log)
    for mask in try masks?.files(of: output, geometry, size: size, &log) ?? [] {
      try sink.put(companion: mask.bytes, to: mask.path, of: output, &log)
    }
  }

  private func put(
    _ draft: Work.Worker.Draft, of source: borrowing Image, _ bytes: (inout TaskLog) throws -> [UInt8],
    as output: PlannedOutput, into queue: CopyQueue?, _ log: inout TaskLog
  ) throws -> Bool {
    if let shortcut = draft.shortcut, try sink.put(shortcut, of: bytes, as: output, &log) { return false }
    if deep.isNeeded(for: output, of: source) {
      let file = try deep.file(of: bytes(&log), draft.moves, as: output, &log)
      try sink.put(file: file, as: output, &log)
      return false
    }
    if let queue, try put(draft, of: source, as: output, in: queue, &log) { return true }
    try worker.make(draft, of: source, into: &product)
    log.end(.transform)
    try sink.put(product, as: output, &log)
    return false
  }

  /// Has the worker write a product into a slot of `queue`. The slot is reserved for the last step only, because others
  /// wait for it.
  /// - Returns: `false` if the product does not fit or is not to be saved.
  private func put(
    _ draft: Work.Worker.Draft, of source: borrowing Image, as output: PlannedOutput, in queue: CopyQueue,
    _ log: inout TaskLog
  ) throws -> Bool {
    let layout = ImageLayout(
      draft.outputShape, hasAlpha: source.alpha != nil, metadataByteCount: source.metadata.byteCount)
    guard run.isSaving, layout.byteCount <= queue.slotByteCount else { return false }
    try worker.prepare(draft, of: source)
    log.end(.transform)
    var reservation = try queue.reserve()
    log.end(.wait)
    let written = try reservation.withMutableBytes { memory in
      try layout.write(into: &memory) { try worker.finish(draft, of: source, into: &$0) }
    }
    log.end(.transform)
    reservation.publish(byteCount: written.byteCount, header: QueuedCopy(task: output.task, layout: written))
    return true
  }
}

extension JSONEncoder {
  /// As a manifest keeps draws.
  fileprivate static var ofDraws: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}
