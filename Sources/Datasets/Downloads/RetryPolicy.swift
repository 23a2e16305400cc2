internal import Imaging

/// When a failed download is tried again. Pure, apart from `run`, which is given a clock to sleep by.
///
/// Waits grow exponentially with full jitter: uniform between 0 and a bound that doubles, so that clients which failed
/// together do not return together. They are drawn from (seed, URL, number, attempt).
package struct RetryPolicy: Hashable, Sendable {
  /// Attempts after the first one.
  package var retries = 3
  /// Bound of the wait before the first retry.
  package var backoffSeconds = 0.5
  package var seed: UInt64 = 0

  /// Bound of every wait that a server did not ask for.
  package static let mostBackoffSeconds = 30.0
  /// A server that asks for a longer wait is not asked again: earlier would be rude, later would hold up the run.
  package static let mostRetryAfterSeconds = 120
  /// A page in place of an image may be gone at the next attempt; it is seldom gone at a later one.
  private static let mostUndecodable = 2

  package init() {}

  /// Which download waits.
  package struct Key: Hashable, Sendable {
    package var number: Int
    package var url: String

    package init(number: Int, url: String) { (self.number, self.url) = (number, url) }
  }

  /// How long to wait before the next attempt.
  /// - Parameter failures: of all attempts so far, at least one.
  /// - Returns: `nil` to give up.
  package func waitSeconds(after failures: [DownloadFailure], of key: Key) -> Double? {
    guard let last = failures.last, failures.count <= retries, last.isTransient,
      last.retryAfterSeconds <= Self.mostRetryAfterSeconds,
      failures.count(where: \.isUndecodable) < Self.mostUndecodable
    else { return nil }
    return Double(last.retryAfterSeconds) + jitterSeconds(beforeRetry: failures.count, of: key)
  }

  /// The bound of the wait before a retry, counted from 1.
  package func backoffSeconds(beforeRetry retry: Int) -> Double {
    var bound = backoffSeconds
    for _ in 1..<max(1, min(retry, 64)) { bound *= 2 }
    return min(bound, Self.mostBackoffSeconds)
  }

  private func jitterSeconds(beforeRetry retry: Int, of key: Key) -> Double {
    var random = StreamKey(seed: seed, path: key.url, copy: key.number).stream(node: retry)
    return random.uniform() * backoffSeconds(beforeRetry: retry)
  }

  /// The longest that a download can take if an attempt takes at most `attemptSeconds`.
  package func mostSeconds(attemptSeconds: Double) -> Double {
    let waitSeconds = Double(Self.mostRetryAfterSeconds) + Self.mostBackoffSeconds
    return Double(retries + 1) * attemptSeconds + Double(retries) * waitSeconds
  }

  /// Calls `attempt` until it succeeds or the policy gives up.
  /// - Returns: the failures, one per failed attempt; the download succeeded if `attempts` is greater than their number.
  package func run(
    _ key: Key, sleep: (_ seconds: Double) -> Void, attempt: () throws(DownloadFailure) -> Void
  ) -> (attempts: Int, failures: [DownloadFailure]) {
    var failures: [DownloadFailure] = []
    while true {
      do throws(DownloadFailure) {
        try attempt()
        return (failures.count + 1, failures)
      } catch {
        failures.append(error)
      }
      guard let seconds = waitSeconds(after: failures, of: key) else { return (failures.count, failures) }
      sleep(seconds)
    }
  }
}

extension DownloadFailure {
  /// Whether the same request may succeed a moment later.
  package var isTransient: Bool {
    switch cause {
    // Request Timeout, Too Early, Too Many Requests, and what is wrong at the server.
    case .status(let status): [408, 425, 429].contains(status) || (500..<600).contains(status)
    case .disconnected, .timedOut, .truncated, .undecodable: true
    case .tooLarge, .refusedRedirect, .badURL, .other: false
    }
  }
}

extension DownloadFailure {
  fileprivate var isUndecodable: Bool { if case .undecodable = cause { true } else { false } }
}
