internal import Glibc
internal import Platform
internal import ProcPool

/// Measures how fast memory is copied, in processes of their own.
enum MemoryBandwidthProbe {
  /// Larger than the caches of most processors, twice.
  private static let byteCount = 64 << 20
  private static let seconds = 0.25

  static func measure(cores: Int, _ stopSignals: StopSignals?) throws(PoolError) -> MachineFacts.MemoryBandwidth {
    MachineFacts.MemoryBandwidth(
      oneCoreGigabytesPerSecond: try measure(processes: 1, stopSignals),
      allCoresGigabytesPerSecond: try measure(processes: cores, stopSignals))
  }

  private static func measure(processes: Int, _ stopSignals: StopSignals?) throws(PoolError) -> Double {
    var options = PoolOptions(workers: processes)
    options.placement = .spread
    options.stopSignals = stopSignals
    let rates = try Pool<Int, Double>.map(Array(0..<processes), options, chunkSize: 1) { _ in copyRate() }
    return (rates.reduce(0, +) * 10).rounded() / 10
  }

  /// 10⁹ bytes read and written in a second.
  private static func copyRate() -> Double {
    let source = [UInt8](repeating: 1, count: byteCount)
    var target = [UInt8](repeating: 2, count: byteCount)
    let begin = Clock.seconds
    var copied = 0
    while Clock.seconds - begin < seconds {
      unsafe target.withUnsafeMutableBytes { to in
        unsafe source.withUnsafeBytes { from in unsafe to.copyMemory(from: from) }
      }
      copied += byteCount
    }
    let elapsed = Clock.seconds - begin
    return target[byteCount / 2] == 1 ? Double(2 * copied) / elapsed / 1e9 : 0
  }
}
