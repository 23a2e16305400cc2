internal import Imaging
internal import ProcPool

/// Runs tasks, or stages of them, in one process, with working memory that goes from one to the next.
///
/// One is made in the main process and inherited by all that are forked. What can go wrong with an image is part of the
/// report that each function gives, and never an error.
final class TaskRunner {
  private let job: AugmentJob
  private var rank = StageSpan.mainRank
  private var reader: ImageReader
  private var runner = PipelineRunner()
  private var saver: CopySaver
  private var output = Image()

  /// - Parameter presence: who is at the disk just now, for a strategy that wants to know.
  init(_ job: AugmentJob, _ options: RunOptions, presence: DiskPresence? = nil) throws {
    self.job = job
    reader = ImageReader(job, presence)
    saver = CopySaver(job, try options.writeMegabytesPerSecond.map(WriteLimit.init), presence)
  }

  /// Once in every process that transforms, before its first task: OpenCV on this thread alone, memory kept when freed.
  func begin(rank: Int) {
    self.rank = rank
    ImagingRuntime.prepareProcess()
  }

  /// Once in a process that reads and goes on to fork.
  static func prepareReadingProcess() { ImagingRuntime.keepFreedMemory() }

  /// A whole task: read and decode, unless the task before was on the same image, transform, encode, write.
  func run(_ index: Int) -> TaskReport {
    let task = job.plan.task(index)
    return attempt { clock, report in
      try reader.load(task.imageIndex, &clock, &report)
      if task.copy == nil {
        try saver.write(reader.bytes, of: task, &clock, &report)
      } else {
        let steps = draw(task, for: reader.image.color.shape, &report).steps
        if saver.mightTurn(steps, for: task), try saver.turn(reader.bytes, by: steps, task, &clock, &report) { return }
        try runner.run(steps, on: reader.image, into: &output)
        try finish(task, &clock, &report)
      }
    }
  }

  /// The same for an image that somebody has decoded into shared memory already.
  func run(_ shared: SharedTask, in arena: SharedArena) -> TaskReport {
    guard let source = shared.source else { return run(shared.task) }
    let task = job.plan.task(shared.task)
    return attempt { clock, report in
      if task.copy == nil {
        let bytes = try reader.read(task.imageIndex, &clock, &report)
        return try saver.write(bytes, of: task, &clock, &report)
      }
      try arena.withBytes(of: source.slot) { memory in
        try source.layout.withImage(in: memory) { image in
          let steps = draw(task, for: image.color.shape, &report).steps
          if saver.mightTurn(steps, for: task) {
            let bytes = try reader.read(task.imageIndex, &clock, &report)
            if try saver.turn(bytes, by: steps, task, &clock, &report) { return }
          }
          try runner.run(steps, on: image, into: &output)
          try finish(task, &clock, &report)
        }
      }
    }
  }

  /// Reads and decodes an image into a slot.
  /// - Returns: how it lies there; `nil` where it failed, as the report says, or is too large.
  func read(_ imageIndex: Int, into slot: SharedSlot, of arena: SharedArena) -> HeadedReport<ImageLayout?> {
    var layout: ImageLayout?
    let report = attempt { clock, report in
      layout = try arena.withMutableBytes(of: slot) { memory in
        try reader.load(imageIndex, into: &memory, &clock, &report)
      }
    }
    return HeadedReport(head: layout, report: report)
  }

  /// Makes a copy in a slot of `queue`, where its last transform writes it; one that does not fit is saved here. Waits
  /// where the queue is full.
  /// - Returns: whether the copy waits in the queue to be saved.
  func augment(_ index: Int, into queue: CopyQueue) -> HeadedReport<Bool> {
    let task = job.plan.task(index)
    var isQueued = false
    let report = attempt { clock, report in
      try reader.load(task.imageIndex, &clock, &report)
      guard task.copy != nil else { return try saver.write(reader.bytes, of: task, &clock, &report) }
      let draw = draw(task, for: reader.image.color.shape, &report)
      if saver.mightTurn(draw.steps, for: task),
        try saver.turn(reader.bytes, by: draw.steps, task, &clock, &report)
      {
        return
      }
      let layout = ImageLayout(
        draw.outputShape, hasAlpha: reader.image.alpha != nil,
        metadataByteCount: reader.image.metadata.byteCount)
      guard job.isSaving, layout.byteCount <= queue.slotByteCount else {
        try runner.run(draw.steps, on: reader.image, into: &output)
        return try finish(task, &clock, &report)
      }
      try runner.runAllButLast(draw.steps, on: reader.image)
      clock.end(.transform)
      var reservation = try queue.reserve()
      clock.end(.wait)
      let written = try reservation.withMutableBytes { memory in
        try layout.write(into: &memory) { try runner.runLast(of: draw.steps, on: reader.image, into: &$0) }
      }
      clock.end(.transform)
      reservation.publish(byteCount: written.byteCount, header: QueuedCopy(task: index, layout: written))
      isQueued = true
    }
    return HeadedReport(head: isQueued, report: report)
  }

  /// Encodes and writes the copy that has been in `queue` longest, where there is one. A copy whose savers have died, one
  /// after another, is dropped.
  func save(from queue: CopyQueue) -> HeadedReport<SaveVerdict> {
    let taken = try? queue.take(timeoutSeconds: 0)
    guard let message = taken else { return HeadedReport(head: .nothingThere, report: TaskReport()) }
    let copy = message.header
    guard message.deliveryCount <= QueuedCopy.deliveryLimit else {
      return HeadedReport(head: .givenUp(task: copy.task), report: TaskReport())
    }
    let report = attempt { clock, report in
      try message.withBytes { memory in
        try copy.layout.withImage(in: memory) { image in
          try saver.save(image, of: job.plan.task(copy.task), &clock, &report)
        }
      }
    }
    return HeadedReport(head: .saved(task: copy.task), report: report)
  }

  private func draw(
    _ task: Plan.PlannedTask, for shape: ImageShape, _ report: inout TaskReport
  ) -> PipelineDraw {
    let key = StreamKey(seed: job.seed, path: job.plan.images[task.imageIndex].path, copy: task.copy ?? 0)
    let draw = job.pipeline.draw(for: shape, key: key)
    report.notes += draw.skipped.map { "\($0.name) is left out of some images: \($0.reason)" }
    return draw
  }

  /// Saves the copy that has been made in `output`.
  private func finish(
    _ task: Plan.PlannedTask, _ clock: inout StageClock, _ report: inout TaskReport
  ) throws {
    clock.end(.transform)
    try saver.save(output, of: task, &clock, &report)
  }

  private func attempt(_ body: (inout StageClock, inout TaskReport) throws -> Void) -> TaskReport {
    var clock = StageClock(rank: rank)
    var report = TaskReport()
    do {
      try body(&clock, &report)
    } catch let error as ImagingError {
      report.problem = .init(reason: error.description, isShortage: error == .outOfMemory)
    } catch let error as FileError {
      report.problem = .init(reason: error.description, isShortage: error.isShortage)
    } catch {
      report.problem = .init(reason: String(describing: error), isShortage: false)
    }
    report.spans = clock.spans
    return report
  }
}
