internal import Glibc
import ProcPool

let sharedMemoryScenarios: [String: Scenario] = [
  "workersWriteIntoASharedArray": { _ in
    let squares = try SharedArray<Int>(count: 1000)
    squares.withSpan { span in for index in span.indices { checkEqual(span[index], 0, "a new element") } }
    let pool = try Pool(options(3)) { (n: Int) -> Bool in
      squares[n] = n * n
      return n == 0 || squares[0] == 7
    }
    _ = try pool.map([0])
    squares[0] = 7
    checkEqual(try pool.map(1..<1000), Array(repeating: true, count: 999), "what the parent wrote after the fork")
    for n in 1..<1000 { checkEqual(squares[n], n * n) }
    squares.withMutableSpan { for index in $0.indices { $0[index] += 1 } }
    checkEqual(squares[999], 999 * 999 + 1)
  },
  "slotsOfAnArenaCarryImagesToWorkersAndBack": { _ in
    let arena = try SharedArena(slotCount: 4, slotByteCount: 100_000)
    let tally = Tally()
    defer { tally.remove() }
    let pool = try Pool(options(2, retries: 1), initializer: { _ in try arena.prefault() }) {
      (slot: SharedSlot) -> SharedSlot in
      if slot.byteCount == 60 && tally.count(60) == 0 {
        tally.add(60)
        kill(getpid(), SIGKILL)
      }
      arena.withMutableBytes(of: slot) { bytes in
        for offset in bytes.byteOffsets {
          bytes.storeBytes(of: UInt8(slot.byteCount % 251), toByteOffset: offset, as: UInt8.self)
        }
      }
      return SharedSlot(slot, byteCount: slot.byteCount - 1)
    }
    let slots = sequence(state: 0) { (n: inout Int) -> SharedSlot? in
      n += 1
      return n > 300 ? nil : arena.acquire(byteCount: n)
    }
    let results = try pool.imapUnordered(slots, window: 4)
    var sizes: [Int] = []
    while let outcome = try results.next() {
      let slot = try outcome.result.get()
      arena.withBytes(of: slot) { bytes in
        checkEqual(bytes.byteCount, slot.byteCount, "bytes in use")
        let expected = UInt8((slot.byteCount + 1) % 251)
        for offset in bytes.byteOffsets {
          checkEqual(unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self), expected)
        }
      }
      sizes.append(slot.byteCount + 1)
      arena.release(slot)
    }
    checkEqual(sizes.sorted(), Array(1...300))
    checkEqual(arena.freeCount, 4, "free slots")
  },
  "aFullArenaHasNoSlot": { _ in
    let arena = try SharedArena(slotCount: 3, slotByteCount: 10)
    let slots = (0..<3).compactMap { _ in arena.acquire() }
    checkEqual(Set(slots.map(\.number)), [0, 1, 2])
    check(arena.acquire() == nil, "a fourth slot of three")
    for slot in slots {
      arena.withMutableBytes(of: slot) { $0.storeBytes(of: UInt8(slot.number), toByteOffset: 9, as: UInt8.self) }
    }
    for slot in slots { arena.withBytes(of: slot) { checkEqual($0.byteCount, 10) } }
    arena.release(slots[1])
    checkEqual(arena.acquire(byteCount: 5), SharedSlot(slots[1], byteCount: 5))
  },
  // The argument is the mistake to make. Each traps.
  "aMisusedArenaTraps": { arguments in
    let arena = try SharedArena(slotCount: 2, slotByteCount: 10)
    guard let slot = arena.acquire() else { fail("no slot") }
    let child = Child {
      switch arguments[0] {
      case "acquireInAChild": _ = arena.acquire()
      case "releaseInAChild": arena.release(slot)
      default: arena.withBytes(of: SharedSlot(slot, byteCount: 11)) { _ in }
      }
    }
    check(child.wait() != 0, "a child that got away with it")
  },
  "memoryThatThereIsNotIsAnError": { _ in
    let before = sharedMappingCount()
    do {
      _ = try SharedArray<UInt8>(count: 1 << 48)
      fail("no error")
    } catch PoolError.systemCall(let call, _) { checkEqual(call, "mmap") }
    // The limit on address space refuses the second mapping and not the first.
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    var narrow = limit
    narrow.rlim_cur = 4 << 30
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &narrow)
    do {
      _ = try SharedArena(slotCount: 8, slotByteCount: 1 << 30)
      fail("no error")
    } catch let error as PoolError { check(error.isShortage, "\(error)") }
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    checkEqual(sharedMappingCount(), before, "mappings")
  },
  "sharedMemoryLeavesNothing": { _ in
    func useAll() throws {
      let array = try SharedArray<Int>(count: 10_000)
      let arena = try SharedArena(slotCount: 2, slotByteCount: 100_000)
      let queue = try SharedQueue<Int>(slotCount: 2, slotByteCount: 100_000)
      guard let slot = arena.acquire(), let reserved = try queue.tryReserve() else { fail("nothing free") }
      let child = Child {
        array[0] = 1
        arena.withMutableBytes(of: slot) { $0.storeBytes(of: 2, toByteOffset: 0, as: UInt8.self) }
        try queue.reserve().publish(byteCount: 1, header: 3)
      }
      child.join()
      checkEqual(array[0], 1)
      checkEqual(try queue.next(), 3)
      reserved.publish(byteCount: 0, header: 0)
      arena.release(slot)
    }
    try useAll()
    let (mappings, descriptors) = (sharedMappingCount(), openDescriptorCount())
    for _ in 0..<200 { try useAll() }
    checkEqual(sharedMappingCount(), mappings, "mappings")
    checkEqual(openDescriptorCount(), descriptors, "open descriptors")
  },
]

extension SharedSlot {
  /// The same slot with another number of bytes in use.
  fileprivate init(_ slot: SharedSlot, byteCount: Int) {
    self = slot
    self.byteCount = byteCount
  }
}
