internal import Glibc

/// A thread of this process that runs one closure. Fork no process while one runs: the child would have its locks, and
/// nobody who releases them.
package final class WorkThread {
  private let thread: pthread_t

  /// - Returns: `nil` if the system refuses, for want of memory or because of a limit.
  package init?(_ run: @escaping @Sendable () -> Void) {
    let body = unsafe Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let result = unsafe pthread_create(
      &thread, nil,
      { argument in
        _ = unsafe argument.map { unsafe Unmanaged<Body>.fromOpaque($0).takeRetainedValue().run() }
        return nil
      }, body.toOpaque())
    guard result == 0 else {
      unsafe body.release()
      return nil
    }
    self.thread = thread
  }

  /// Waits until the closure has returned. Call it once.
  package func join() { pthread_join(thread, nil) }

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
