internal import Platform
internal import Strategies

/// Measures the work of a configuration in this process and its children.
struct CellClock {
  private let configuration: Configuration
  private let keepsTimeline: Bool
  private var measurement = Measurement()
  private var spans: [[StageSpan]] = []
  private var begin = 0.0

  init(_ configuration: Configuration, keepsTimeline: Bool) {
    (self.configuration, self.keepsTimeline) = (configuration, keepsTimeline)
  }

  mutating func measure(_ work: any Workload) throws -> Measurement {
    var (count, lookSeconds) = (0, 0.0)
    let before = ProcessUsage()
    begin = Clock.seconds
    try work.run { report in
      add(report)
      count += 1
      guard count == work.taskCount else { return }
      // All tasks are done and every process is still alive: the only moment to read their peak memory.
      let look = Clock.seconds
      measurement.peakMemorySummedBytes = PeakMemory.summedBytes()
      lookSeconds = Clock.seconds - look
    }
    measurement.wallSeconds = Clock.seconds - begin - lookSeconds
    guard count == work.taskCount else { throw StudyError("\(count) of \(work.taskCount) tasks have ended") }
    measurement.stages[.wait] = max(
      0, Double(configuration.ranks) * measurement.wallSeconds - measurement.stages.busySeconds)
    measurement.add(ProcessUsage(), since: before)
    return measurement
  }

  private mutating func add(_ report: TaskReport) {
    measurement.stages += report.times
    measurement.readBytes += report.readByteCount
    measurement.writtenBytes += report.writtenByteCount
    if keepsTimeline { spans.append(report.spans) }
  }

  /// The stages of each task; empty unless `keepsTimeline`.
  var timeline: [TimelineEntry] { [TimelineEntry](spans, of: configuration, beginSeconds: begin) }
}

extension Measurement {
  fileprivate mutating func add(_ after: ProcessUsage, since before: ProcessUsage) {
    userSeconds = max(0, after.userSeconds - before.userSeconds)
    systemSeconds = max(0, after.systemSeconds - before.systemSeconds)
    voluntarySwitches = after.voluntarySwitches - before.voluntarySwitches
    involuntarySwitches = after.involuntarySwitches - before.involuntarySwitches
    minorFaults = after.minorFaults - before.minorFaults
    majorFaults = after.majorFaults - before.majorFaults
    peakMemoryLargestBytes = after.largestPeakBytes
    peakMemorySummedBytes = max(peakMemorySummedBytes, peakMemoryLargestBytes)
  }
}

extension StageTimes {
  /// Seconds of all stages but `wait`.
  fileprivate var busySeconds: Double { total - self[.wait] }
}
