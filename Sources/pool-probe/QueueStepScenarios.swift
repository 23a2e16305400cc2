internal import Glibc
import ProcPool

// The argument is the number of instructions between two trials. With 1, all are tried, which takes minutes.
let queueStepScenarios: [String: Scenario] = [
  // While the consumer sleeps.
  "aProducerKilledAtAnyInstructionBlocksNoProcess": { arguments in
    let stepper = try Stepper()
    let queue = try StampQueue(slotCount: 1, slotByteCount: 256)
    var arrivals = [0, 0]
    for count in stride(from: 0, to: 100_000, by: Int(arguments[0]) ?? 1) {
      let consumer = Child { try _exit(Int32(countMessages(in: queue, until: 4))) }
      consumer.awaitSleep()
      let producer = Child {
        stepper.stopHere()
        try queue.send(Stamp(producer: 0, number: 3))
      }
      let isLast = !stepper.kill(producer, after: count)
      let reclaimed = queue.reclaim(deadPID: producer.pid)
      check(reclaimed.returnedCount == 0 && reclaimed.freedCount <= 1, "\(reclaimed)")
      // There is one slot, so this waits for the consumer if a message arrived.
      try queue.send(Stamp(producer: 1, number: 4), timeoutSeconds: 60)
      let arrived = Int(consumer.wait() >> 8)
      check(arrived <= 1 - reclaimed.freedCount, "\(arrived) messages of one")
      arrivals[arrived] += 1
      if isLast { break }
    }
    check(arrivals.allSatisfy { $0 > 5 }, "killed \(arrivals) times before and after it published")
  },
  // While a producer sleeps.
  "aConsumerKilledAtAnyInstructionBlocksNoProcess": { arguments in
    let stepper = try Stepper()
    let queue = try StampQueue(slotCount: 1, slotByteCount: 256)
    var deliveries = [0, 0, 0]
    for count in stride(from: 0, to: 100_000, by: Int(arguments[0]) ?? 1) {
      try queue.send(Stamp(producer: 0, number: 3))
      let producer = Child { try queue.send(Stamp(producer: 1, number: 4)) }
      producer.awaitSleep()
      let consumer = Child {
        stepper.stopHere()
        try queue.take()?.release()
      }
      let isLast = !stepper.kill(consumer, after: count)
      let reclaimed = queue.reclaim(deadPID: consumer.pid)
      check(reclaimed.freedCount == 0 && reclaimed.returnedCount <= 1, "\(reclaimed)")
      guard let first = try queue.take(timeoutSeconds: 60) else { fail("an end") }
      checkBytes(of: first)
      var delivered = 0
      if first.header.number == 3 {
        delivered = first.deliveryCount
        checkEqual(delivered, reclaimed.returnedCount + 1, "deliveries")
        first.release()
        checkEqual(try queue.next(timeoutSeconds: 60)?.number, 4)
      } else {
        checkEqual(first.header.number, 4)
        first.release()
      }
      deliveries[delivered] += 1
      producer.join()
      if isLast { break }
    }
    check(deliveries.allSatisfy { $0 > 5 }, "killed \(deliveries) times after, before and while it had the message")
  },
  // The older message lies in the first slot and the younger in the last; both are published while the consumer scans
  // those in between.
  "aConsumerHeldAtAnyInstructionTakesTheOlderOfTwo": { arguments in
    let stepper = try Stepper()
    for count in stride(from: 0, to: 4000, by: Int(arguments[0]) ?? 1) {
      let queue = try StampQueue(slotCount: 64, slotByteCount: 256)
      let older = try queue.reserve()
      for _ in 0..<62 { _ = try queue.reserve() }
      let younger = try queue.reserve()
      let consumer = Child {
        stepper.stopHere()
        var numbers: [Int] = []
        while numbers.count < 2 { if let stamp = try? queue.next(timeoutSeconds: 0) { numbers.append(stamp.number) } }
        checkEqual(numbers, [1, 2], "the order after \(count) instructions")
      }
      check(stepper.run(consumer, for: count), "an end")
      older.publish(byteCount: 1, header: Stamp(producer: 0, number: 1))
      younger.publish(byteCount: 2, header: Stamp(producer: 0, number: 2))
      stepper.resume(consumer)
      consumer.join()
    }
  },
  "aProducerHeldAtAnyInstructionWhileTheQueueClosesIsRefusedOrHeard": { arguments in
    let stepper = try Stepper()
    var (refused, heard) = (0, 0)
    for count in stride(from: 0, to: 100_000, by: Int(arguments[0]) ?? 1) {
      let queue = try StampQueue(slotCount: 2, slotByteCount: 256)
      let producer = Child {
        stepper.stopHere()
        do { try queue.send(Stamp(producer: 0, number: 3)) } catch { _exit(7) }
      }
      guard stepper.run(producer, for: count) else { break }
      queue.close()
      let consumer = Child { try _exit(Int32(countMessages(in: queue))) }
      consumer.awaitSleepOrEnd()
      stepper.resume(producer)
      let isHeard = producer.wait() == 0
      checkEqual(consumer.wait(), isHeard ? 1 << 8 : 0, "messages, when held after \(count) instructions")
      if isHeard { heard += 1 } else { refused += 1 }
    }
    check(refused > 5 && heard > 5, "refused \(refused) times, heard \(heard) times")
  },
]

/// Takes messages until the one with the number `last`, or the end, and counts those before it.
private func countMessages(in queue: StampQueue, until last: Int? = nil) throws -> Int {
  var count = 0
  while let message = try queue.take() {
    checkBytes(of: message)
    if message.header.number == last {
      message.release()
      return count
    }
    count += 1
  }
  check(last == nil, "an end")
  return count
}
