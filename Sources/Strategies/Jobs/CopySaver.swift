internal import Imaging

/// Encodes the copies of a job and writes them, at the speed that the disk is said to have.
struct CopySaver: ~Copyable {
  private let job: AugmentJob
  private let limit: WriteLimit?
  private var encoder = ImageEncoder()

  init(_ job: AugmentJob, limit: WriteLimit?) { (self.job, self.limit) = (job, limit) }

  /// Encodes and writes the copy that a task makes.
  mutating func save(
    _ image: borrowing Image, of task: Plan.PlannedTask, _ clock: inout StageClock, _ report: inout TaskReport
  ) throws {
    guard job.isSaving else { return }
    if image.alpha != nil && task.format == .jpeg {
      report.notes.append("transparency is left out, as JPEG has none")
    }
    let bytes = try encoder.encode(image, as: task.format, quality: job.quality)
    clock.end(.encode)
    try write(bytes, of: task, &clock, &report)
  }

  /// Writes the file that a task makes.
  func write(
    _ bytes: [UInt8], of task: Plan.PlannedTask, _ clock: inout StageClock, _ report: inout TaskReport
  ) throws(FileError) {
    guard job.isSaving else { return }
    limit?.wait(for: bytes.count)
    try OutputFile.write(
      bytes, to: task.path, in: job.plan.outputFolder, temporaryPath: job.plan.temporaryPath(ofTask: task.index))
    report.writtenByteCount = bytes.count
    clock.end(.write)
  }
}
