internal import Imaging

/// Encodes the copies of a job and writes them, at the speed that the disk is said to have.
struct CopySaver: ~Copyable {
  private let job: AugmentJob
  private let limit: WriteLimit?
  private let presence: DiskPresence?
  private var encoder = ImageEncoder()
  private var turner = JPEGTurner()

  init(_ job: AugmentJob, _ limit: WriteLimit?, _ presence: DiskPresence?) {
    (self.job, self.limit, self.presence) = (job, limit, presence)
    turner.metadata = job.encoding.metadata
  }

  /// Encodes and writes the copy that a task makes.
  mutating func save(
    _ image: borrowing Image, of task: Plan.PlannedTask, _ clock: inout StageClock, _ report: inout TaskReport
  ) throws {
    guard job.isSaving else { return }
    if image.alpha != nil && task.format == .jpeg {
      report.notes.append("transparency is left out, as JPEG has none")
    }
    let bytes = try encoder.encode(image, as: task.format, job.encoding)
    clock.end(.encode)
    try write(bytes, of: task, &clock, &report)
  }

  /// Whether a copy might be made of the file of its image, without its pixels.
  func mightTurn(_ steps: [Step], for task: Plan.PlannedTask) -> Bool {
    job.isLossless && job.isSaving && task.format == .jpeg && job.plan.images[task.imageIndex].format == .jpeg
      && Step.turn(of: steps) != nil
  }

  /// Makes a copy of the file of its image, and writes it.
  /// - Returns: whether the file allowed it.
  mutating func turn(
    _ bytes: [UInt8], by steps: [Step], _ task: Plan.PlannedTask, _ clock: inout StageClock, _ report: inout TaskReport
  ) throws -> Bool {
    guard let copy = try turner.copy(of: bytes, changedBy: steps) else { return false }
    clock.end(.transform)
    try write(copy, of: task, &clock, &report)
    return true
  }

  /// Writes the file that a task makes.
  func write(
    _ bytes: [UInt8], of task: Plan.PlannedTask, _ clock: inout StageClock, _ report: inout TaskReport
  ) throws(FileError) {
    guard job.isSaving else { return }
    presence?.enter(clock.rank)
    defer { presence?.leave(clock.rank) }
    limit?.wait(for: bytes.count)
    try OutputFile.write(
      bytes, to: task.path, in: job.plan.outputFolder, temporaryPath: job.plan.temporaryPath(ofTask: task.index))
    report.writtenByteCount = bytes.count
    clock.end(.write)
  }
}
