/// The result of a call that was begun and need not be waited for, as Python's `AsyncResult`.
///
/// Differs from Python: a pool has no thread of its own, so its work goes on while the program waits for something of
/// this pool, whenever a call is made, and whenever `ready()` asks. Workers, meanwhile, do what they have been given, a chunk
/// or two each. Every wait ends: a call whose pool is terminated fails with `PoolError.terminated`, where Python's waits
/// for ever.
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
  var id = CallID.none

  init(_ supervisor: Supervisor, _ callbacks: Callbacks?) {
    (self.supervisor, self.callbacks) = (supervisor, callbacks)
  }

  /// Whether the call has ended, well or not. Does not wait, but lets the pool hand out work and take what has come.
  public func ready() -> Bool {
    if outcome == nil { wait(timeout: 0) }
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

  /// Waits until the call has ended, at most so many seconds. It never throws: `get` tells how the call ended.
  public func wait(timeout: Double? = nil) {
    let deadline = timeout.map { monotonicNanoseconds() + nanoseconds(inSeconds: $0) }
    repeat {
      if outcome != nil { return }
      // An error is that of the pool as a whole and has become the outcome.
      do { try supervisor.turn(until: deadline) } catch { return }
    } while deadline.map { monotonicNanoseconds() < $0 } ?? true
  }

  /// Waits for the value, at most so many seconds; as often as one likes.
  /// - Throws: `timedOut` if it takes longer, and the call goes on; else why there is no value.
  public func get(timeout: Double? = nil) throws(PoolError) -> Value {
    wait(timeout: timeout)
    guard let outcome else { throw .timedOut }
    return try outcome.get()
  }

  /// Gives the call up: what waits never runs, and workers that run a task of it are stopped and replaced. The handle then
  /// fails with `cancelled`. Tasks of other calls are not lost by it. Python has no such call.
  /// - Returns: false where the call had ended already.
  @discardableResult
  public func cancel() -> Bool {
    guard outcome == nil else { return false }
    supervisor.cancel(id)
    return true
  }

  /// Called once, by the call that the handle stands for.
  func resolve(_ result: Result<Value, PoolError>) {
    guard outcome == nil else { return }
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
