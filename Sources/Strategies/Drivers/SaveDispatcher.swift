internal import ProcPool

/// Hands out the saves that a `SaveSchedule` wants, each to the saver of its queue, and takes what became of them.
final class SaveDispatcher {
  private let pool: Pool<Work, [UInt8]>
  private let roles: RankRoles
  private let schedule: SaveSchedule
  /// Saves that have been handed out and not come back, by number.
  private var saves: [Int: AsyncResult<[UInt8]>] = [:]
  private var handedOutCount = 0
  /// Why the pool as a whole has ended.
  private var failure: PoolError?

  init(_ pool: Pool<Work, [UInt8]>, _ roles: RankRoles, _ schedule: SaveSchedule) {
    (self.pool, self.roles, self.schedule) = (pool, roles, schedule)
  }

  /// Whether a save is under way or wanted.
  var isBusy: Bool { !saves.isEmpty || schedule.wantedSaves.contains { $0 > 0 } }

  /// Hands out all that are wanted.
  func handOutSaves() throws {
    while failure == nil, let queue = schedule.takeWantedSave() {
      let number = handedOutCount
      handedOutCount += 1
      let callbacks = AsyncResult<[UInt8]>.Callbacks(
        onValue: { [self] payload in
          saves[number] = nil
          schedule.saved(HeadedReport(payload: payload), from: queue)
        },
        onError: { [self] error in
          saves[number] = nil
          if case .taskFailed = error { schedule.lostSave(of: queue) } else { failure = error }
        })
      let rank = roles.workers + queue
      saves[number] = try pool.applyAsync(.save(queue: queue), ranks: rank..<rank + 1, callbacks: callbacks)
    }
    if let failure { throw failure }
  }

  /// Waits for a save to come back: until there is something to see, it may be another one, and not for long.
  func wait() { saves.first?.value.wait(timeout: 0.01) }
}
