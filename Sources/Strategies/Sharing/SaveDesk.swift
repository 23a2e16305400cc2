internal import ProcPool

/// Hands out the saves that a `SaveLedger` wants, each to the saver of its queue, and takes what became of them.
final class SaveDesk {
  private let pool: Pool<Order, [UInt8]>
  private let crew: Crew
  private let ledger: SaveLedger
  /// Saves that have been handed out and not come back.
  private var handedOutCount = 0
  private var latest: AsyncResult<[UInt8]>?
  /// Why the pool as a whole has ended.
  private var failure: PoolError?

  init(_ pool: Pool<Order, [UInt8]>, _ crew: Crew, _ ledger: SaveLedger) {
    (self.pool, self.crew, self.ledger) = (pool, crew, ledger)
  }

  /// Whether a save is under way or wanted.
  var isBusy: Bool { handedOutCount > 0 || ledger.wantedSaves.contains { $0 > 0 } }

  /// Hands out all that are wanted.
  func handOutSaves() throws {
    while failure == nil, let queue = ledger.takeWantedSave() {
      handedOutCount += 1
      let callbacks = AsyncResult<[UInt8]>.Callbacks(
        onValue: { [unowned self] payload in
          handedOutCount -= 1
          ledger.saved(HeadedReport(payload: payload), from: queue)
        },
        onError: { [unowned self] error in
          handedOutCount -= 1
          if case .taskFailed = error { ledger.lostSave(of: queue) } else { failure = error }
        })
      let rank = crew.workers + queue
      latest = try pool.applyAsync(.save(queue: queue), ranks: rank..<rank + 1, callbacks: callbacks)
    }
    if let failure { throw failure }
  }

  /// Waits a moment for saves to come back.
  func wait() { latest?.wait(timeout: 0.01) }
}
