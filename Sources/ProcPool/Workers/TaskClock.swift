internal import CProcPool

/// The monotonic clock of a worker, read once per task. Asking the kernel's takes longer than the shortest tasks; so what is
/// short is measured by the processor's counter, whose rate is taken from the kernel's clock, and what is long by that clock.
struct TaskClock {
  /// Nanoseconds of the monotonic clock, as of the last `advance`.
  private(set) var now = monotonicNanoseconds()
  private var lastTicks = cprocpool_ticks()
  /// Where the rate is measured from, and where the clock was asked last.
  private let firstTime: UInt64
  private let firstTicks: UInt64
  private var nanosecondsPerTick: Double?

  /// What lasts longer is measured by the kernel's clock: in ticks, a few microseconds.
  private static let longTicks: UInt64 = 20_000
  /// The rate is known after so long, to a ten-thousandth.
  private static let calibrationNanoseconds: UInt64 = 1_000_000

  init() { (firstTime, firstTicks) = (now, lastTicks) }

  /// - Returns: nanoseconds since the last call.
  mutating func advance() -> UInt64 {
    let ticks = cprocpool_ticks()
    let passed = ticks &- lastTicks
    lastTicks = ticks
    if let nanosecondsPerTick, passed < Self.longTicks {
      let nanoseconds = UInt64(Double(passed) * nanosecondsPerTick)
      now += nanoseconds
      return nanoseconds
    }
    let before = now
    now = max(now, monotonicNanoseconds())
    calibrate()
    return now - before
  }

  private mutating func calibrate() {
    let elapsed = now - firstTime
    guard elapsed > Self.calibrationNanoseconds, lastTicks > firstTicks else { return }
    nanosecondsPerTick = Double(elapsed) / Double(lastTicks - firstTicks)
  }
}
