internal import Glibc
internal import Imaging
internal import Platform
internal import ProcPool
internal import Studies

/// Delays a study until the machine is idle, up to a limit, because other load (a build, say) distorts the times.
struct QuietWait {
  /// Set by `--no-wait`.
  let isSkipped: Bool
  let stopSignals: StopSignals
  let reporter: StudyReporter

  /// The load average decays slowly: two ranks of an earlier study keep it high for 85 s, a build with ten processes
  /// for 180 s.
  private static let mostSeconds = 180
  private static let intervalMicroseconds: UInt32 = 200_000

  /// Waits until the machine is idle, at most `mostSeconds`, and warns if it is still busy then.
  /// - Throws: if a stop signal arrives.
  func wait() throws(StudyError) {
    guard let load = busyLoad() else { return }
    if !isSkipped {
      reporter.say(
        "the machine is busy (load \(NumberText.fixed(load, 1))): waiting up to \(Self.mostSeconds) s until it is idle; "
          + "--no-wait starts at once")
      try waitUntilQuiet()
    }
    guard let load = busyLoad() else { return }
    reporter.say(
      "starting on a busy machine (load \(NumberText.fixed(load, 1)) on \(Cores.available) cores): the times will be inexact"
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

  /// The load average of the last minute if the machine counts as busy, else `nil`.
  private func busyLoad() -> Double? {
    LoadAverage.lastMinute.flatMap { LoadAverage.isBusy($0, cores: Cores.available) ? $0 : nil }
  }
}
