internal import CProcPool
internal import Glibc

/// Signals such as SIGINT and SIGTERM, turned into something that a pool can wait for beside its workers.
///
/// The first one to arrive is noted; a second one, half a second later or more, ends the process at once with status
/// 128 + its number.
public final class StopSignals {
  let descriptor: Int32
  private var first: Int32?

  /// Takes over the handling of SIGINT, SIGTERM and SIGHUP in this process, for the rest of its life. A signal that the
  /// process was started to ignore, as under `nohup`, stays ignored.
  public convenience init() throws(PoolError) { try self.init([SIGINT, SIGTERM, SIGHUP]) }

  /// Takes over the handling of `signals` in this process, for the rest of its life, except those that are ignored.
  public init(_ signals: [Int32]) throws(PoolError) {
    descriptor = unsafe cprocpool_watch_signals(signals, Int32(signals.count))
    guard descriptor >= 0 else { throw .systemCall("sigaction", errno: errno) }
  }

  /// The first signal that has arrived so far.
  public func received() -> Int32? {
    var byte: UInt8 = 0
    if first == nil, unsafe read(descriptor, &byte, 1) == 1 { first = Int32(byte) }
    return first
  }
}
