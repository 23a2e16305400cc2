internal import Datasets
internal import Imaging
internal import Jobs
internal import ProcPool

/// Carries out work in one process, with scratch memory that goes from one task to the next: a source, a job, a sink.
///
/// One is made in the main process and inherited by all that are forked.
final class TaskRunner<Work: Job> {
  private let run: JobRun<Work>
  private var rank = StageSpan.mainRank
  private var reader: SourceReader
  private let worker: Work.Worker
  private var sink: Sink
  private var product = Image()

  /// - Parameter presence: which ranks are at the disk, for a strategy that wants to know.
  init(_ run: JobRun<Work>, _ how: RunDescription.How, presence: DiskPresence? = nil) throws {
    self.run = run
    reader = SourceReader(run.plan, run.files, presence)
    worker = run.job.makeWorker()
    sink = Sink(run, try how.writeMegabytesPerSecond.map(WriteLimit.init), presence)
  }

  /// Once in every process that transforms, before its first task: OpenCV on this thread alone, memory kept when freed.
  func begin(rank: Int) {
    self.rank = rank
    ImagingRuntime.prepareProcess()
  }

  /// Once in a process that reads and goes on to fork.
  static func prepareReadingProcess() { ImagingRuntime.keepFreedMemory() }

  /// From the file of an image to the file of a product. The image is not decoded again if the task before had it.
  func make(_ task: Int) -> TaskReport {
    attempt { log in try make(run.plan.output(ofTask: task), into: nil, &log) }
  }

  /// From an image that lies decoded in shared memory to the file of a product.
  func make(_ shared: SharedTask, in arena: SharedArena) -> TaskReport {
    guard let source = shared.source else { return make(shared.task) }
    let output = run.plan.output(ofTask: shared.task)
    return attempt { log in
      try arena.withBytes(of: source.slot) { memory in
        try source.layout.withImage(in: memory) { image in
          _ = try make(output, of: image, { try reader.read(output.imageIndex, &$0) }, into: nil, &log)
        }
      }
    }
  }

  /// From the file of an image to a slot of `queue`. Waits where the queue is full; a product that does not fit is saved
  /// here.
  /// - Returns: whether the product waits in the queue to be saved.
  func make(_ task: Int, into queue: CopyQueue) -> HeadedReport<Bool> {
    var isQueued = false
    let report = attempt { log in isQueued = try make(run.plan.output(ofTask: task), into: queue, &log) }
    return HeadedReport(head: isQueued, report: report)
  }

  /// Reads and decodes an image into a slot.
  /// - Returns: how it lies there; `nil` where it failed, as the report says, or is too large.
  func read(_ imageIndex: Int, into slot: SharedSlot, of arena: SharedArena) -> HeadedReport<ImageLayout?> {
    var layout: ImageLayout?
    let report = attempt { log in
      layout = try arena.withMutableBytes(of: slot) { memory in
        try reader.load(imageIndex, into: &memory, &log)
      }
    }
    return HeadedReport(head: layout, report: report)
  }

  /// Encodes and writes the product that has been in `queue` longest, where there is one. A product whose savers have
  /// died, one after another, is dropped.
  func save(from queue: CopyQueue) -> HeadedReport<SaveVerdict> {
    let taken = try? queue.take(timeoutSeconds: 0)
    guard let message = taken else { return HeadedReport(head: .nothingThere, report: TaskReport()) }
    let copy = message.header
    guard message.deliveryCount <= QueuedCopy.deliveryLimit else {
      return HeadedReport(head: .givenUp(task: copy.task), report: TaskReport())
    }
    let report = attempt { log in
      try message.withBytes { memory in
        try copy.layout.withImage(in: memory) { image in
          try sink.put(image, as: run.plan.output(ofTask: copy.task), &log)
        }
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

  /// The one way from a decoded source to a sink.
  /// - Parameter bytes: gives the file of the source, for products that need no pixels.
  /// - Returns: whether the product lies in the queue.
  private func make(
    _ output: PlannedOutput, of source: borrowing Image, _ bytes: (inout TaskLog) throws -> [UInt8],
    into queue: CopyQueue?, _ log: inout TaskLog
  ) throws -> Bool {
    let draft = worker.draft(output, of: run.plan.images[output.imageIndex], shape: source.color.shape)
    log.report.notes += draft.notes
    if let shortcut = draft.shortcut, try sink.put(shortcut, of: bytes, as: output, &log) { return false }
    if let queue, try put(draft, of: source, as: output, in: queue, &log) { return true }
    try worker.make(draft, of: source, into: &product)
    log.end(.transform)
    try sink.put(product, as: output, &log)
    return false
  }

  /// Has the worker write a product into a slot of `queue`. The slot is taken for the last step only: others wait for it.
  /// - Returns: whether it fits there.
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
