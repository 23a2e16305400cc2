internal import Glibc
internal import Imaging
internal import Platform
internal import ProcPool
internal import Studies

/// Has a study begin on a machine that is quiet, as far as that can be had: what is measured beside a build says little.
struct QuietWait {
  /// Whether the user has no time for it.
  let isSkipped: Bool
  let stopSignals: StopSignals
  let reporter: StudyReporter

  /// The average forgets slowly: two ranks of the study before count for 85 seconds, a build with ten processes for 180.
  private static let mostSeconds = 180
  private static let intervalMicroseconds: UInt32 = 200_000

  /// Waits until others leave the machine alone, but not for ever, and says so where they do not.
  func wait() throws(StudyError) {
    guard let load = busyLoad() else { return }
    if !isSkipped {
      reporter.say(
        "the machine is busy (load \(NumberText.fixed(load, 1))): waiting until it is quiet, \(Self.mostSeconds) s at most; "
          + "--no-wait begins at once")
      try waitUntilQuiet()
    }
    guard let load = busyLoad() else { return }
    reporter.say(
      "begun on a busy machine (load \(NumberText.fixed(load, 1)) on \(Cores.available) cores): what others do is measured, too"
    )
  }

  private func waitUntilQuiet() throws(StudyError) {
    let end = Clock.seconds + Double(Self.mostSeconds)
    while Clock.seconds < end && busyLoad() != nil {
      if let signal = stopSignals.received() {
        var error = StudyError(String(describing: PoolError.stopped(signal: signal)))
        error.signal = signal
        throw error
      }
      usleep(Self.intervalMicroseconds)
    }
  }

  /// The load of the last minute, if it is too much.
  private func busyLoad() -> Double? {
    LoadAverage.lastMinute.flatMap { LoadAverage.isBusy($0, cores: Cores.available) ? $0 : nil }
  }
}
