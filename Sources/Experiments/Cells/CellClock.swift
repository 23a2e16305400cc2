internal import Platform
internal import Strategies

/// Measures the work of a cell in the process that does it, and in those that it makes.
struct CellClock {
  private let ranks: Int
  private let keepsTimeline: Bool
  private var measurement = CellMeasurement()
  private var reports: [TaskReport] = []
  private var begin = 0.0

  init(ranks: Int, keepsTimeline: Bool) { (self.ranks, self.keepsTimeline) = (ranks, keepsTimeline) }

  mutating func measure(_ work: any Workload) throws -> CellMeasurement {
    var (count, lookSeconds) = (0, 0.0)
    let before = ProcessUsage()
    begin = Clock.seconds
    try work.run { report in
      add(report)
      count += 1
      guard count == work.taskCount else { return }
      // The work is done and every process is still there: the only moment to ask how large they have been.
      let look = Clock.seconds
      measurement.peakMemorySummedBytes = PeakMemory.summedBytes()
      lookSeconds = Clock.seconds - look
    }
    measurement.wallSeconds = Clock.seconds - begin - lookSeconds
    guard count == work.taskCount else { throw StudyError("\(count) of \(work.taskCount) tasks have ended") }
    measurement.stages[.wait] = max(0, Double(ranks) * measurement.wallSeconds - measurement.stages.busySeconds)
    measurement.add(ProcessUsage(), since: before)
    return measurement
  }

  private mutating func add(_ report: TaskReport) {
    measurement.stages += report.times
    measurement.readBytes += report.readByteCount
    measurement.writtenBytes += report.writtenByteCount
    if keepsTimeline { reports.append(report) }
  }

  /// A line "rank,stage,task,begin,end" for each stage of each task, tasks numbered as they ended, seconds since the begin.
  /// The main process, where it is no rank, is the one behind the last.
  var timeline: [String] {
    reports.enumerated().flatMap { task, report in
      report.spans.map { span in
        let rank = span.rank == StageSpan.mainRank ? ranks : span.rank
        let times = [span.begin, span.end].map { Number.fixed(max(0, Double($0) * 1e-9 - begin), 6) }
        return "\(rank),\(span.stage.rawValue),\(task),\(times[0]),\(times[1])"
      }
    }
  }
}

extension CellMeasurement {
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
  /// Of all stages but waiting.
  fileprivate var busySeconds: Double { total - self[.wait] }
}
