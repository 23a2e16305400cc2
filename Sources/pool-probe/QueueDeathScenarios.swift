internal import Glibc
import ProcPool

let queueDeathScenarios: [String: Scenario] = [
  "aMessageOfADeadConsumerIsDeliveredOnceMoreInItsPlace": { _ in
    let queue = try StampQueue(slotCount: 4, slotByteCount: 256)
    for number in 0..<3 { try queue.send(Stamp(producer: 0, number: number)) }
    let consumer = Child {
      let message = try queue.take()
      kill(getpid(), SIGKILL)
      check(message == nil, "never")
    }
    consumer.joinKilled()
    check(queue.reclaim(deadPID: consumer.pid) == (0, 1), "what was reclaimed")
    check(queue.reclaim(deadPID: consumer.pid) == (0, 0), "what was reclaimed twice")
    queue.close()
    let replacement = Child {
      for (number, deliveries) in [(0, 2), (1, 1), (2, 1)] {
        guard let message = try queue.take() else { fail("no message \(number)") }
        checkBytes(of: message)
        checkEqual(message.header.number, number)
        checkEqual(message.deliveryCount, deliveries, "deliveries of message \(number)")
      }
      check(try queue.take() == nil, "a message after the last")
    }
    replacement.join()
  },
  "theEndWaitsForAMessageThatADeadConsumerHad": { _ in
    let queue = try StampQueue(slotCount: 1, slotByteCount: 256)
    try queue.send(Stamp(producer: 0, number: 5))
    queue.close()
    let consumer = Child {
      let message = try queue.take()
      kill(getpid(), SIGKILL)
      check(message == nil, "never")
    }
    consumer.joinKilled()
    let replacement = Child {
      checkEqual(try queue.next()?.number, 5)
      check(try queue.take() == nil, "a message after the last")
    }
    replacement.awaitSleep()
    queue.reclaim(deadPID: consumer.pid)
    replacement.join()
  },
  // The argument is a seed. A thousand processes on both sides are killed at random, while the rest work on.
  "randomKillsAroundAQueueLoseNothing": { arguments in
    var random = Generator(state: UInt64(arguments[0]) ?? 1)
    let trial = try QueueTrial(slotCount: 1 + Int(random.next() % 4), limit: 2000)
    for _ in 0..<1000 {
      usleep(useconds_t(random.next() % 400))
      try trial.replace(Int(random.next() % 4))
    }
    trial.finish()
  },
]

/// Three producers and a consumer that may be killed, and their records in memory that outlives them.
private final class QueueTrial {
  private let queue: StampQueue
  private var children: [Child] = []
  /// Messages by incarnation of a producer: those that it knows it has published, and those consumed.
  private let published: SharedArray<Int>
  private let consumed: SharedArray<Int>
  private var incarnations = 0

  init(slotCount: Int, limit: Int) throws {
    queue = try StampQueue(slotCount: slotCount, slotByteCount: 256)
    published = try SharedArray(count: limit)
    consumed = try SharedArray(count: limit)
    for rank in 0..<4 { children.append(start(rank)) }
  }

  func replace(_ rank: Int) throws {
    children[rank].kill()
    children[rank].joinKilled()
    queue.reclaim(deadPID: children[rank].pid)
    children[rank] = start(rank)
  }

  func finish() {
    queue.close()
    for child in children { child.join() }
    var total = 0
    for producer in 0..<incarnations {
      // A producer killed right after it published does not record that.
      let unknown = consumed[producer] - published[producer]
      check(unknown == 0 || unknown == 1, "producer \(producer): \(published[producer]), \(consumed[producer])")
      total += consumed[producer]
    }
    check(total > 1000, "\(total) messages")
  }

  private func start(_ rank: Int) -> Child {
    guard rank > 0 else { return Child { try consume() } }
    incarnations += 1
    return Child { produce(as: incarnations - 1) }
  }

  private func produce(as producer: Int) {
    do {
      while true {
        try queue.send(Stamp(producer: producer, number: published[producer]))
        published[producer] += 1
      }
    } catch { checkEqual(error, .closed) }
  }

  private func consume() throws {
    while let message = try queue.take() {
      let stamp = message.header
      checkBytes(of: message)
      // A consumer that died may have counted the message and not released it.
      if stamp.number == consumed[stamp.producer] - 1 {
        check(message.deliveryCount > 1, "\(stamp) came twice")
      } else {
        checkEqual(stamp.number, consumed[stamp.producer], "number of producer \(stamp.producer)")
        consumed[stamp.producer] += 1
      }
    }
  }
}
