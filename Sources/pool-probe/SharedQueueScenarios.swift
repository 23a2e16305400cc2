internal import Glibc
import ProcPool

/// The sender of a message, and its number among the sender's.
struct Stamp: BitwiseCopyable {
  var producer: Int
  var number: Int

  /// A length between 0 and 256 bytes, and the value of each byte.
  var byteCount: Int { number % 257 }
  var byte: UInt8 { UInt8((producer * 31 + number) % 256) }
}

typealias StampQueue = SharedQueue<Stamp>

extension SharedQueue {
  /// Takes a message and releases it.
  func next(timeoutSeconds: Double? = nil) throws(SharedQueueError) -> Header? {
    guard let message = try take(timeoutSeconds: timeoutSeconds) else { return nil }
    return message.header
  }
}

extension SharedQueue where Header == Stamp {
  /// Sends a message whose bytes follow from its stamp.
  func send(_ stamp: Stamp, timeoutSeconds: Double? = nil) throws(SharedQueueError) {
    var slot = try reserve(timeoutSeconds: timeoutSeconds)
    slot.withMutableBytes { bytes in
      for offset in 0..<stamp.byteCount { bytes.storeBytes(of: stamp.byte, toByteOffset: offset, as: UInt8.self) }
    }
    slot.publish(byteCount: stamp.byteCount, header: stamp)
  }
}

private func checkThrows(_ expected: SharedQueueError, _ body: () throws -> Void) {
  do {
    try body()
    fail("no error")
  } catch {
    checkEqual(error as? SharedQueueError, expected, "error")
  }
}

func checkBytes(of message: borrowing StampQueue.Message) {
  let stamp = message.header
  let isIntact = message.withBytes { bytes in
    bytes.byteCount == stamp.byteCount
      && bytes.byteOffsets.allSatisfy { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) == stamp.byte }
  }
  check(isIntact, "bytes of \(stamp)")
}

let sharedQueueScenarios: [String: Scenario] = [
  // The argument is the number of slots: 100,000 messages of four producers pass through them.
  "aQueueLosesNothingAndKeepsTheOrderOfEachProducer": { arguments in
    let queue = try StampQueue(slotCount: Int(arguments[0]) ?? 1, slotByteCount: 256)
    let producers = (0..<4).map { producer in
      Child { for number in 0..<25_000 { try queue.send(Stamp(producer: producer, number: number)) } }
    }
    let consumer = Child {
      var next = [0, 0, 0, 0]
      while let message = try queue.take() {
        checkEqual(message.header.number, next[message.header.producer], "number of the next message")
        checkEqual(message.deliveryCount, 1, "deliveries")
        checkBytes(of: message)
        next[message.header.producer] += 1
      }
      checkEqual(next, [25_000, 25_000, 25_000, 25_000], "messages")
    }
    for producer in producers { producer.join() }
    queue.close()
    consumer.join()
  },
  "aFullQueueMakesAProducerWaitUntilThereIsRoom": { _ in
    let queue = try StampQueue(slotCount: 2, slotByteCount: 256)
    for number in 0..<2 { try queue.send(Stamp(producer: 0, number: number)) }
    check(try queue.tryReserve() == nil, "a third slot of two")
    checkThrows(.timedOut) { _ = try queue.reserve(timeoutSeconds: 0.01) }
    let hasPassed = try SharedArray<Bool>(count: 1)
    let producer = Child {
      try queue.send(Stamp(producer: 1, number: 0))
      hasPassed[0] = true
    }
    producer.awaitSleep()
    check(!hasPassed[0], "a producer that does not wait")
    for number in 0..<2 { checkEqual(try queue.next()?.number, number) }
    producer.join()
    checkEqual(try queue.next(timeoutSeconds: 0)?.producer, 1)
  },
  "anEmptyQueueMakesTheConsumerWaitUntilThereIsAMessage": { _ in
    let queue = try StampQueue(slotCount: 2, slotByteCount: 256)
    checkThrows(.timedOut) { _ = try queue.take(timeoutSeconds: 0.01) }
    let consumer = Child { checkEqual(try queue.next()?.number, 9) }
    consumer.awaitSleep()
    try queue.send(Stamp(producer: 0, number: 9))
    consumer.join()
  },
  "closingRefusesProducersAndLetsTheConsumerDrain": { _ in
    let queue = try StampQueue(slotCount: 4, slotByteCount: 256)
    for number in 0..<3 { try queue.send(Stamp(producer: 0, number: number)) }
    guard let held = try queue.tryReserve() else { fail("no slot") }
    let sleeper = Child {
      checkThrows(.closed) { _ = try queue.reserve() }
    }
    sleeper.awaitSleep()
    queue.close()
    queue.close()
    sleeper.join()
    checkThrows(.closed) { _ = try queue.tryReserve() }
    let consumer = Child {
      for number in 0..<4 { checkEqual(try queue.next()?.number, number) }
      check(try queue.take() == nil, "a message after the last")
      check(try queue.take() == nil, "a message after the end")
    }
    consumer.awaitSleep()  // the end must wait for the slot that was reserved before it
    held.publish(byteCount: 3, header: Stamp(producer: 0, number: 3))
    consumer.join()
  },
  "closingWakesTheConsumerAndSoDoesTheLastSlotGivenBack": { _ in
    for holdsSlot in [false, true] {
      let queue = try StampQueue(slotCount: 1, slotByteCount: 256)
      var held = holdsSlot ? try queue.tryReserve() : nil
      let consumer = Child { check(try queue.take() == nil, "a message") }
      consumer.awaitSleep()
      queue.close()
      if holdsSlot { consumer.awaitSleep() }
      held = nil
      consumer.join()
      check(held == nil, "a slot")
    }
  },
  "aReservationDroppedGivesItsSlotBack": { _ in
    let queue = try StampQueue(slotCount: 1, slotByteCount: 256)
    for _ in 0..<10 { _ = try queue.reserve(timeoutSeconds: 0) }
    // A copy in a child is not the child's to release.
    var held = try queue.tryReserve()
    Child { held = nil }.join()
    check(try queue.tryReserve() == nil, "a slot that is in use")
    held = nil
    check(try queue.tryReserve() != nil, "a slot given back")
    check(held == nil, "a reservation")
  },
  "workersOfAPoolThatDieGiveTheirSlotsBack": { _ in
    let queue = try StampQueue(slotCount: 2, slotByteCount: 256)
    let tally = Tally()
    defer { tally.remove() }
    let consumer = Child {
      var numbers: [Int] = []
      while let message = try queue.take() { numbers.append(message.header.number) }
      checkEqual(numbers.sorted(), Array(0..<40))
    }
    var options = options(3, retries: 1)
    options.onWorkerEnd = { end in queue.reclaim(deadPID: end.pid) }
    let pool = try Pool(options) { (task: Int) in
      let slot = try queue.reserve()
      if task % 4 == 3 && tally.count(task) == 0 {
        tally.add(task)
        kill(getpid(), SIGKILL)
      }
      slot.publish(byteCount: 0, header: Stamp(producer: 0, number: task))
      return task
    }
    checkEqual(try pool.map(0..<40, chunkSize: 3), Array(0..<40))
    checkEqual(tally.values.count, 10, "deaths")
    queue.close()
    consumer.join()
  },
]
