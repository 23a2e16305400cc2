internal import Platform
internal import ProcPool

/// A disk as slow as one likes: all ranks together write no more than so many bytes a second.
///
/// Shared is the time at which the disk will have written all that was given to it so far. Who writes adds what its bytes
/// take, in one step, and sleeps until then. So writes queue up as on a disk, nobody holds a lock, and a process that dies
/// leaves nothing behind but the time of its own file.
struct WriteLimit {
  private let bytesPerNanosecond: Double
  private let freeTime: SharedNumber

  /// - Parameter megabytesPerSecond: of a million bytes.
  init(megabytesPerSecond: Double) throws {
    bytesPerNanosecond = megabytesPerSecond * 1e6 * 1e-9
    freeTime = try SharedMemoryShortage.guarding(8) { () throws(PoolError) in try SharedNumber() }
  }

  /// Waits as long as `byteCount` bytes need, behind all that were given to the disk before.
  func wait(for byteCount: Int) {
    let duration = UInt64(min(1e18, Double(byteCount) / bytesPerNanosecond))
    let end = freeTime.update { max($0, Clock.nanoseconds) + duration }
    Clock.sleep(untilNanoseconds: end)
  }
}
