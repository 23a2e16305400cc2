internal import Glibc
internal import Strategies

/// Measures the work of a cell in the process that does it, and in those that it makes.
enum CellClock {
  static func measure(_ work: any StudyWork, ranks: Int) throws -> CellMeasurement {
    var measurement = CellMeasurement()
    var (count, lookSeconds) = (0, 0.0)
    let before = ProcessUsage()
    let begin = now()
    try work.run { report in
      measurement.stages += report.times
      measurement.readBytes += report.readByteCount
      measurement.writtenBytes += report.writtenByteCount
      count += 1
      guard count == work.taskCount else { return }
      // The work is done and every process is still there: the only moment to ask how large they have been.
      let look = now()
      measurement.peakMemorySummedBytes = PeakMemory.summedBytes()
      lookSeconds = now() - look
    }
    measurement.wallSeconds = now() - begin - lookSeconds
    guard count == work.taskCount else { throw StudyError("\(count) of \(work.taskCount) tasks have ended") }
    measurement.stages[.wait] = max(0, Double(ranks) * measurement.wallSeconds - measurement.stages.busySeconds)
    measurement.add(ProcessUsage(), since: before)
    return measurement
  }

  /// Seconds of a clock that is never set.
  static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
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
