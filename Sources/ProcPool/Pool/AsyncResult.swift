/// The result of a call that was begun and need not be waited for, as Python's `AsyncResult`.
///
/// Differs from Python: a pool has no thread of its own, so its work goes on while the program waits for something of
/// this pool, whenever a call is made, and whenever `ready()` asks. Workers, meanwhile, do what they have been given, a chunk
/// or two each. Every wait ends: a call whose pool is terminated or let go fails with `PoolError.terminated`, where
/// Python's waits for ever.
public final class AsyncResult<Value> {
  /// What is done when the call has ended, before the handle is ready. An error that it throws becomes that of the call.
  ///
  /// Differs from Python: it runs in the thread that waits, and may use the pool; one that throws does no harm to others.
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
  /// Whether a callback is running, and the outcome is not known before it has ended.
  private var isCallingBack = false
  /// The turn of the pool that this handle was looked at after.
  private var seenTurn: Int
  var id = CallID.none

  init(_ supervisor: Supervisor, _ callbacks: Callbacks?) {
    (self.supervisor, self.callbacks) = (supervisor, callbacks)
    seenTurn = supervisor.turnCount
  }

  /// Whether the call has ended, well or not. Does not wait, but lets the pool hand out work and take what has come.
  ///
  /// A program that asks handle after handle sees them as of one moment, and from round to round in the order in which
  /// their calls ended: what was looked at within the last millisecond for another handle is not looked at again.
  public func ready() -> Bool {
    if outcome == nil && (seenTurn == supervisor.turnCount || !supervisor.isFresh) { wait(timeout: 0) }
    seenTurn = supervisor.turnCount
    return outcome != nil
  }

  /// Whether the call has ended well, as far as the last wait or `ready()` has shown.
  /// - Throws: `notReady` before its end.
  public func successful() throws(PoolError) -> Bool {
    switch outcome {
    case .success: return true
    case .failure: return false
    case nil: throw .notReady
    }
  }

  /// Waits until the call has ended, at most so many seconds. It never throws: `get` tells how the call ended. In a callback
  /// of the call itself, and in a fork of the pool's process, it returns at once.
  public func wait(timeout: Double? = nil) {
    // An error is that of the pool as a whole and has become the outcome, or there is nothing to wait for.
    try? waitForEnd(timeout)
  }

  private func waitForEnd(_ timeout: Double?) throws(PoolError) {
    if outcome != nil { return }
    if isCallingBack { throw .waitsForItself }
    let deadline = timeout.map { monotonicNanoseconds() + nanoseconds(inSeconds: $0) }
    repeat {
      try supervisor.turn(until: deadline)
    } while outcome == nil && deadline.map { monotonicNanoseconds() < $0 } ?? true
  }

  /// Waits for the value, at most so many seconds; as often as one likes.
  /// - Throws: `timedOut` if it takes longer, and the call goes on; `waitsForItself` in a callback of the call;
  ///   `wrongProcess` in a fork of the pool's process; else why there is no value.
  public func get(timeout: Double? = nil) throws(PoolError) -> Value {
    do throws(PoolError) {
      try waitForEnd(timeout)
    } catch {
      if outcome == nil { throw error }
    }
    guard let outcome else { throw .timedOut }
    return try outcome.get()
  }

  /// Gives the call up: what waits never runs, and workers that run a task of it are stopped and replaced. The handle then
  /// fails with `cancelled`. Tasks of other calls are not lost by it. Python has no such call.
  /// - Returns: false where the call had ended already, or belongs to another process.
  @discardableResult
  public func cancel() -> Bool {
    guard outcome == nil, !isCallingBack, supervisor.isOwned else { return false }
    supervisor.cancel(id)
    return true
  }

  /// Called once, by the call that the handle stands for.
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
