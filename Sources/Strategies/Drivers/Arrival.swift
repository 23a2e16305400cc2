internal import ProcPool

/// What a strategy that has something else to do hears of its tasks.
enum Arrival {
  /// One has ended.
  case outcome(TaskOutcome<[UInt8]>)
  /// None has ended in the time given.
  case nothingYet
  /// All have ended.
  case end
}

extension UnorderedResults where Output == [UInt8] {
  /// Hands out what there is and waits for a task to end, at most so many seconds.
  func arrival(within seconds: Double?) throws(PoolError) -> Arrival {
    do throws(PoolError) {
      return try next(timeout: seconds).map { .outcome($0) } ?? .end
    } catch .timedOut {
      return .nothingYet
    }
  }
}
