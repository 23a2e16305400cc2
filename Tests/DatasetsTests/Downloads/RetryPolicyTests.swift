import Datasets
import Testing

struct RetryPolicyTests {
  private let key = RetryPolicy.Key(number: 3, url: "http://host/3.jpg")

  private func policy(retries: Int = 5, backoff: Double = 0.5, seed: UInt64 = 0) -> RetryPolicy {
    var policy = RetryPolicy()
    (policy.retries, policy.backoffSeconds, policy.seed) = (retries, backoff, seed)
    return policy
  }

  private func failures(_ cause: DownloadFailure.Cause, count: Int = 1, retryAfter: Int = 0) -> [DownloadFailure] {
    (0..<count).map { _ in DownloadFailure(cause, "reason", retryAfterSeconds: retryAfter) }
  }

  /// Runs a download whose attempts fail with `causes`, one after the other, and then succeed.
  private func run(_ policy: RetryPolicy, _ causes: [DownloadFailure.Cause]) -> (attempts: Int, waits: [Double]) {
    var (calls, waits) = (0, [Double]())
    let outcome = policy.run(key, sleep: { waits.append($0) }) { () throws(DownloadFailure) in
      calls += 1
      if calls <= causes.count { throw DownloadFailure(causes[calls - 1], "reason") }
    }
    #expect(outcome.attempts == calls)
    return (calls, waits)
  }

  @Test func whatMayPassIsTriedAgain() {
    let passing: [DownloadFailure.Cause] =
      [408, 425, 429, 500, 502, 503, 504, 599].map { .status($0) } + [
        .disconnected, .timedOut, .truncated, .undecodable(status: 200),
      ]
    for cause in passing {
      #expect(policy().waitSeconds(after: failures(cause), of: key) != nil, "\(cause)")
    }
    let lasting: [DownloadFailure.Cause] =
      [301, 304, 400, 401, 403, 404, 410, 451, 600].map { .status($0) } + [
        .tooLarge, .refusedRedirect, .badURL, .other,
      ]
    for cause in lasting {
      #expect(policy().waitSeconds(after: failures(cause), of: key) == nil, "\(cause)")
    }
  }

  @Test func attemptsEndWithTheRetries() {
    for retries in [0, 1, 4] {
      let (attempts, waits) = run(policy(retries: retries), Array(repeating: .timedOut, count: 100))
      #expect(attempts == retries + 1 && waits.count == retries)
    }
    #expect(run(policy(), [.status(503), .disconnected]).attempts == 3)
    #expect(run(policy(), []).waits.isEmpty)
  }

  @Test func whatDoesNotDecodeIsTriedAgainOnce() {
    let html = DownloadFailure.Cause.undecodable(status: 200)
    #expect(run(policy(), [html, html, html]).attempts == 2)
    #expect(run(policy(), [html, .timedOut, html, .timedOut]).attempts == 3)
    #expect(run(policy(), [html]).attempts == 2)
  }

  @Test func waitsAreDrawnBelowABoundThatDoubles() {
    let policy = policy(retries: 200)
    for retry in 1...200 {
      let bound = policy.backoffSeconds(beforeRetry: retry)
      #expect(bound == min(retry < 8 ? 0.5 * Double(1 << (retry - 1)) : 30, 30))
      let wait = policy.waitSeconds(after: failures(.timedOut, count: retry), of: key) ?? -1
      #expect(wait >= 0 && wait < bound)
    }
    #expect(self.policy(backoff: 0).waitSeconds(after: failures(.timedOut, count: 3), of: key) == 0)
  }

  @Test func waitsDependOnSeedURLNumberAndAttemptAlone() {
    func waits(_ seed: UInt64, _ key: RetryPolicy.Key) -> [Double] {
      run(policy(seed: seed), Array(repeating: .timedOut, count: 5)).waits + [
        policy(seed: seed).waitSeconds(after: failures(.timedOut), of: key) ?? -1
      ]
    }
    let others = [
      waits(0, key), waits(1, key), waits(0, .init(number: 4, url: key.url)),
      waits(0, .init(number: 3, url: "http://b")),
    ]
    #expect(Set(others).count == 4 && waits(0, key) == others[0])
    #expect(Set(others[0].dropLast()).count == 5)
  }

  @Test func waitThatTheServerAsksForIsAddedUpToALimit() throws {
    let least = try #require(policy().waitSeconds(after: failures(.status(429), retryAfter: 0), of: key))
    #expect(policy().waitSeconds(after: failures(.status(429), retryAfter: 7), of: key) == 7 + least)
    #expect(policy().waitSeconds(after: failures(.status(503), retryAfter: 120), of: key) == 120 + least)
    #expect(policy().waitSeconds(after: failures(.status(503), retryAfter: 121), of: key) == nil)
  }

  @Test func noDownloadTakesLongerThanItsPolicySays() {
    for retries in [0, 3, 100] {
      let policy = policy(retries: retries, backoff: 1000)
      let waits = (0..<retries).compactMap {
        policy.waitSeconds(after: failures(.status(503), count: $0 + 1, retryAfter: 120), of: key)
      }
      #expect(waits.count == retries)
      #expect(waits.reduce(0, +) + 20 * Double(retries + 1) <= policy.mostSeconds(attemptSeconds: 20))
    }
  }
}
