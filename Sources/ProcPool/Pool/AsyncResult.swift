/// A handle to a call that is in progress, like Python's `AsyncResult`.
///
/// Differs from Python: a pool has no thread of its own, so its work advances while the program waits for something of
/// this pool, whenever a call is made, and whenever `ready()` asks. In between, workers do what they have been given, a
/// chunk or two each. Every wait ends: if the pool is terminated or released, the call fails with
/// `PoolError.terminated`, where Python's waits forever.
public final class AsyncResult<Value> {
  /// Functions to call when the call has finished, before the handle is ready. An error that one throws becomes the
  /// call's.
  ///
  /// Differs from Python: they run in the thread that waits, and may use the pool; one that throws harms no other call.
  public struct Callbacks {
    var onValue: ((Value) throws -> Void)?
    var onError: ((PoolError) throws -> Void)?

    /// At most one of the two is called, at most once.
    public init(onValue: ((Value) throws -> Void)? = nil, onError: ((PoolError) throws -> Void)? = nil) {
      (self.onValue, self.onError) = (onValue, onError)
    }
  }

  private let supervisor: Supervisor
  private var callbacks: Callbacks?
  private var outcome: Result<Value, PoolError>?
  /// Whether a callback is running: the outcome is known only after it.
  private var isCallingBack = false
  /// The last poll of the pool that this handle has reported on.
  private var seenPoll: Int
  var id = CallID.none

  init(_ supervisor: Supervisor, _ callbacks: Callbacks?) {
    (self.supervisor, self.callbacks) = (supervisor, callbacks)
    seenPoll = supervisor.pollCount
  }

  /// Whether the call has finished, successfully or not. Does not wait, but lets the pool send tasks and take replies.
  ///
  /// A program that asks one handle after another sees them as of one moment, and from round to round in the order in
  /// which their calls finished: within a millisecond, only asking the same handle twice polls the pool again.
  public func ready() -> Bool {
    if outcome == nil && (seenPoll == supervisor.pollCount || !supervisor.isFresh) { wait(timeout: 0) }
    seenPoll = supervisor.pollCount
    return outcome != nil
  }

  /// Whether the call has finished successfully, as of the last wait or `ready()`.
  /// - Throws: `notReady` before it has finished.
  public func successful() throws(PoolError) -> Bool {
    switch outcome {
    case .success: return true
    case .failure: return false
    case nil: throw .notReady
    }
  }

  /// Waits until the call has finished, or for `timeout` seconds. Never throws: `get` tells how the call ended. Returns
  /// at once in a callback of the call itself, and in a fork of the pool's process.
  public func wait(timeout: Double? = nil) {
    // An error of the pool as a whole has become the outcome already; any other means that waiting is pointless.
    try? waitForEnd(timeout)
  }

  private func waitForEnd(_ timeout: Double?) throws(PoolError) {
    if outcome != nil { return }
    if isCallingBack { throw .waitsForItself }
    let deadline = timeout.map { monotonicNanoseconds() + nanoseconds(inSeconds: $0) }
    // At least once: a timeout of 0 means one poll without waiting.
    repeat {
      try supervisor.pollOnce(until: deadline)
    } while outcome == nil && deadline.map { monotonicNanoseconds() < $0 } ?? true
  }

  /// Waits for the value, or for `timeout` seconds. May be called again, before and after the call has finished.
  /// - Throws: `timedOut` if it takes longer, and the call goes on; `waitsForItself` in a callback of the call;
  ///   `wrongProcess` in a fork of the pool's process; else the reason why there is no value.
  public func get(timeout: Double? = nil) throws(PoolError) -> Value {
    do throws(PoolError) {
      try waitForEnd(timeout)
    } catch {
      if outcome == nil { throw error }
    }
    guard let outcome else { throw .timedOut }
    return try outcome.get()
  }

  /// Cancels the call: tasks that have not begun never run, and workers that are running one are stopped and replaced.
  /// The handle then fails with `cancelled`. Other calls lose no task. Python has no counterpart.
  /// - Returns: false if the call had finished already, or belongs to another process.
  @discardableResult
  public func cancel() -> Bool {
    guard outcome == nil, !isCallingBack, supervisor.isOwned else { return false }
    supervisor.cancel(id)
    return true
  }

  /// Sets the outcome, once; called by the call that the handle stands for.
  func resolve(_ result: Result<Value, PoolError>) {
    guard outcome == nil, !isCallingBack else { return }
    isCallingBack = true
    defer { isCallingBack = false }
    do {
      switch result {
      case .success(let value): try callbacks?.onValue?(value)
      case .failure(let error): try callbacks?.onError?(error)
      }
      outcome = result
    } catch {
      outcome = .failure(.callbackFailed("\(type(of: error)): \(error)"))
    }
    callbacks = nil
  }
}
