internal import Imaging

/// Runs tasks in one process, with working memory that goes from one to the next: read and decode, unless the task
/// before was on the same image, transform, encode, write.
final class TaskRunner {
  private let job: AugmentJob
  private var reader: ImageReader
  private var runner = PipelineRunner()
  private var encoder = ImageEncoder()
  private var output = Image()

  init(_ job: AugmentJob) {
    self.job = job
    reader = ImageReader(job)
  }

  /// Once in every process that runs tasks, before the first: OpenCV on this thread alone, memory kept when freed.
  static func prepareProcess() { ImagingRuntime.prepareProcess() }

  /// Does a task and says how it went; what can go wrong with an image is part of the report.
  func run(_ index: Int) -> TaskReport {
    let task = job.plan.task(index)
    var clock = StageClock()
    var report = TaskReport()
    do {
      try reader.load(task.imageIndex, &clock, &report)
      if task.copy == nil {
        try save(reader.bytes, of: task, &clock, &report)
      } else {
        try augment(task, &clock, &report)
      }
    } catch let error as ImagingError {
      report.problem = .init(reason: error.description, isShortage: error == .outOfMemory)
    } catch let error as FileError {
      report.problem = .init(reason: error.description, isShortage: error.isShortage)
    } catch {
      report.problem = .init(reason: String(describing: error), isShortage: false)
    }
    report.times = clock.times
    return report
  }

  private func augment(_ task: Plan.PlannedTask, _ clock: inout StageClock, _ report: inout TaskReport) throws {
    let key = StreamKey(seed: job.seed, path: job.plan.images[task.imageIndex].path, copy: task.copy ?? 0)
    let draw = job.pipeline.draw(for: reader.image.color.shape, key: key)
    report.notes += draw.skipped.map { "\($0.name) is left out of some images: \($0.reason)" }
    try runner.run(draw.steps, on: reader.image, into: &output)
    clock.end(.transform)
    guard job.isSaving else { return }
    if output.alpha != nil && task.format == .jpeg {
      report.notes.append("transparency is left out, as JPEG has none")
    }
    let bytes = try encoder.encode(output, as: task.format, quality: job.quality)
    clock.end(.encode)
    try save(bytes, of: task, &clock, &report)
  }

  private func save(
    _ bytes: [UInt8], of task: Plan.PlannedTask, _ clock: inout StageClock, _ report: inout TaskReport
  ) throws(FileError) {
    guard job.isSaving else { return }
    try OutputFile.write(
      bytes, to: task.path, in: job.plan.outputFolder, temporaryPath: job.plan.temporaryPath(ofTask: task.index))
    report.writtenByteCount = bytes.count
    clock.end(.write)
  }
}
