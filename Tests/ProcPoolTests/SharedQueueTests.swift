import Foundation
import ProcPool
import Testing

/// The queue between threads, which share one process id. `PoolTests` covers several processes.
struct SharedQueueTests {
  private struct Stamp: BitwiseCopyable {
    var producer: Int
    var number: Int
  }

  @Test(arguments: [1, 2, 3, 64], [1, 3])
  func threadsLoseNothingAndKeepTheOrderOfEachProducer(slotCount: Int, producerCount: Int) throws {
    let queue = try SharedQueue<Stamp>(slotCount: slotCount, slotByteCount: 8)
    let messageCount = 5000
    for producer in 0..<producerCount {
      Thread.detachNewThread {
        for number in 0..<messageCount { try? Self.send(Stamp(producer: producer, number: number), through: queue) }
      }
    }
    var next = [Int](repeating: 0, count: producerCount)
    while next.reduce(0, +) < producerCount * messageCount {
      guard let message = try queue.take(timeoutSeconds: 60) else { break }
      let stamp = message.header
      let bytes = message.withBytes { unsafe $0.unsafeLoad(as: Int.self) }
      message.release()
      try #require(stamp.number == next[stamp.producer])
      try #require(bytes == stamp.number)
      next[stamp.producer] += 1
    }
    #expect(next == Array(repeating: messageCount, count: producerCount))
    #expect(throws: SharedQueueError.timedOut) { _ = try queue.take(timeoutSeconds: 0) }
  }

  private static func send(_ stamp: Stamp, through queue: SharedQueue<Stamp>) throws {
    var slot = try queue.reserve()
    slot.withMutableBytes { $0.storeBytes(of: stamp.number, as: Int.self) }
    slot.publish(byteCount: 8, header: stamp)
  }

  @Test func messagesComeInTheOrderOfTheirPublishingNotOfTheirReserving() throws {
    let queue = try SharedQueue<Int>(slotCount: 3, slotByteCount: 0)
    let slow = try queue.reserve()
    try queue.reserve().publish(byteCount: 0, header: 1)
    slow.publish(byteCount: 0, header: 2)
    try queue.reserve().publish(byteCount: 0, header: 3)
    for expected in 1...3 {
      guard let message = try queue.take() else { break }
      #expect(message.header == expected)
    }
    queue.close()
    let isAtItsEnd = try queue.take() == nil
    #expect(isAtItsEnd)
  }

  @Test func aConsumerMayHoldSeveralMessages() throws {
    let queue = try SharedQueue<Int>(slotCount: 2, slotByteCount: 0)
    for number in 0..<2 { try queue.reserve().publish(byteCount: 0, header: number) }
    guard let first = try queue.take(), let second = try queue.take() else {
      Issue.record("no message")
      return
    }
    let isFull = try queue.tryReserve() == nil
    #expect(isFull)
    #expect(first.header == 0)
    #expect(second.header == 1)
    first.release()
    let hasRoom = try queue.tryReserve() != nil
    #expect(hasRoom)
    second.release()
  }

  @Test func headersOfAnyAlignmentComeBackUnchanged() throws {
    let small = try SharedQueue<UInt8>(slotCount: 2, slotByteCount: 3)
    try small.reserve().publish(byteCount: 3, header: 7)
    guard let message = try small.take() else {
      Issue.record("no message")
      return
    }
    #expect(message.header == 7)
    #expect(message.byteCount == 3)
    let wide = try SharedQueue<SIMD8<Double>>(slotCount: 2, slotByteCount: 0)
    try wide.reserve().publish(byteCount: 0, header: SIMD8(repeating: 0.5))
    guard let other = try wide.take() else {
      Issue.record("no message")
      return
    }
    #expect(other.header == SIMD8(repeating: 0.5))
  }
}
