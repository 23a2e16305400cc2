internal import ProcPool

/// Hands out the saves that a `SaveSchedule` wants, each to the saver of its queue, and returns their results to it.
final class SaveDispatcher {
  private let pool: Pool<Work, [UInt8]>
  private let roles: RankRoles
  private let schedule: SaveSchedule
  private let timeoutSeconds: Double?
  /// Saves handed out and not come back, by number.
  private var saves: [Int: AsyncResult<[UInt8]>] = [:]
  private var handedOutCount = 0
  /// Set when the pool as a whole has failed.
  private var failure: PoolError?

  /// - Parameter timeoutSeconds: how long a save may take; `nil`: any time.
  init(_ pool: Pool<Work, [UInt8]>, _ roles: RankRoles, _ schedule: SaveSchedule, timeoutSeconds: Double?) {
    (self.pool, self.roles, self.schedule) = (pool, roles, schedule)
    self.timeoutSeconds = timeoutSeconds
  }

  /// Whether a save is in progress or wanted.
  var isBusy: Bool { !saves.isEmpty || schedule.wantedSaves.contains { $0 > 0 } }

  /// Hands out all wanted saves.
  func handOutSaves() throws {
    while failure == nil, let queue = schedule.takeWantedSave() {
      let number = handedOutCount
      handedOutCount += 1
      let callbacks = AsyncResult<[UInt8]>.Callbacks(
        onValue: { [self] payload in
          saves[number] = nil
          // What makes no sense may have been a save; if it was, the task is made again in the end.
          guard let answer = HeadedReport<SaveVerdict>(validating: payload) else { return }
          schedule.saved(answer, from: queue)
        },
        onError: { [self] error in
          saves[number] = nil
          if case .taskFailed(let lost) = error { schedule.lostSave(of: queue, lost) } else { failure = error }
        })
      let rank = roles.workers + queue
      saves[number] = try pool.applyAsync(
        .save(queue: queue), timeout: timeoutSeconds, ranks: rank..<rank + 1, callbacks: callbacks)
    }
    if let failure { throw failure }
  }

  /// Waits for a save to come back, at most 10 ms: another one may come first.
  func wait() { saves.first?.value.wait(timeout: 0.01) }
}

/// What a stream of results gives to a strategy that does other work meanwhile.
enum Arrival {
  /// A task has ended.
  case outcome(TaskOutcome<[UInt8]>)
  /// None has ended within the time limit.
  case nothingYet
  /// All tasks have ended.
  case end
}

extension UnorderedResults where Output == [UInt8] {
  /// Hands out the available work and waits for a task to end, at most `seconds`; `nil`: without limit.
  func arrival(within seconds: Double?) throws(PoolError) -> Arrival {
    do throws(PoolError) {
      return try next(timeout: seconds).map { .outcome($0) } ?? .end
    } catch .timedOut {
      return .nothingYet
    }
  }
}
