internal import ProcPool

/// Which ranks are at the disk just now, reading or writing a file: they may be waiting for it, and then leave their core to others.
struct DiskPresence {
  private let marks: SharedArray<UInt8>

  init(ranks: Int) throws {
    marks = try SharedMemoryShortage.guarding(ranks) { () throws(PoolError) in try SharedArray(count: ranks) }
  }

  /// How many there are, as far as can be told without stopping them.
  var count: Int { marks.withSpan { marks in marks.indices.count { marks[$0] != 0 } } }

  func enter(_ rank: Int) { marks[rank] = 1 }
  /// Also for the rank of a process that has died.
  func leave(_ rank: Int) { marks[rank] = 0 }
}
