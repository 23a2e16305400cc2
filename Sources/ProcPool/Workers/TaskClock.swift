internal import CProcPool

/// A worker's monotonic clock, read once per task. The kernel's clock costs more than the shortest tasks. So short
/// times are measured by the processor's counter, calibrated against the kernel's clock, and long ones by that clock
/// itself.
struct TaskClock {
  /// Nanoseconds of the monotonic clock at the last `advance`.
  private(set) var now = monotonicNanoseconds()
  private var lastTicks = cprocpool_ticks()
  /// Where the calibration starts.
  private let firstTime: UInt64
  private let firstTicks: UInt64
  private var nanosecondsPerTick: Double?

  /// From here on the kernel's clock is read: 20,000 ticks are a few microseconds, where that costs little.
  private static let longTicks: UInt64 = 20_000
  /// How long to calibrate before the counter is used: reading the two clocks takes some 0.1 µs, a ten-thousandth of
  /// this.
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
    // The counter's estimate may have run ahead of the kernel's clock; time must not go back.
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
