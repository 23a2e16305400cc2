import ProcPool

/// Size of an RGB image of 1920 × 1080 pixels.
private let imageByteCount = 1920 * 1080 * 3

/// Sends images to a worker, which inverts every byte, and back into the parent's private memory.
let imageScenarios: [String: Scenario] = [
  "image-shared": { load in
    let arena = try SharedArena(slotCount: 2 * load.workers, slotByteCount: imageByteCount)
    let pool = try Pool(PoolOptions(workers: load.workers), initializer: { _ in try arena.prefault() }) {
      (slot: SharedSlot) -> SharedSlot in
      arena.withMutableBytes(of: slot) { bytes in unsafe bytes.withUnsafeMutableBytes { unsafe invert($0) } }
      return slot
    }
    defer { pool.terminate() }
    try pass(load.workers, through: pool, arena)
    let wall = try seconds { try pass(load.tasks, through: pool, arena) }
    return Measurement(tasks: load.tasks, wallSeconds: wall)
  },
  "image-pipes": { load in
    let pool = try Pool(PoolOptions(workers: load.workers)) { (image: [UInt8]) -> [UInt8] in
      var image = image
      unsafe image.withUnsafeMutableBytes { unsafe invert($0) }
      return image
    }
    defer { pool.terminate() }
    try pass(load.workers, through: pool, window: 2 * load.workers)
    let wall = try seconds { try pass(load.tasks, through: pool, window: 2 * load.workers) }
    return Measurement(tasks: load.tasks, wallSeconds: wall)
  },
]

private let image = [UInt8]((0..<imageByteCount).map { UInt8(truncatingIfNeeded: $0 &* 7) })

/// As many images at a time as there are slots; each is copied in and its result is copied out.
private func pass(_ count: Int, through pool: Pool<SharedSlot, SharedSlot>, _ arena: SharedArena) throws {
  var number = 0
  let slots = AnyIterator { () -> SharedSlot? in
    guard number < count, let slot = arena.acquire() else { return nil }
    number += 1
    arena.withMutableBytes(of: slot) { bytes in
      unsafe bytes.withUnsafeMutableBytes { unsafe $0.copyBytes(from: image) }
    }
    return slot
  }
  let results = try pool.imapUnordered(slots, window: arena.slotCount)
  var (result, seen) = ([UInt8](repeating: 0, count: imageByteCount), 0)
  while let outcome = try results.next() {
    let slot = try outcome.result.get()
    arena.withBytes(of: slot) { bytes in
      unsafe bytes.withUnsafeBytes { source in
        unsafe result.withUnsafeMutableBytes { unsafe $0.copyMemory(from: source) }
      }
    }
    arena.release(slot)
    checkInverted(result)
    seen += 1
  }
  check(seen == count, "\(seen) images of \(count)")
}

private func pass(_ count: Int, through pool: Pool<[UInt8], [UInt8]>, window: Int) throws {
  var seen = 0
  let results = try pool.imapUnordered(repeatElement(image, count: count), window: window)
  while let outcome = try results.next() {
    checkInverted(try outcome.result.get())
    seen += 1
  }
  check(seen == count, "\(seen) images of \(count)")
}

private func invert(_ bytes: UnsafeMutableRawBufferPointer) {
  unsafe bytes.withMemoryRebound(to: UInt8.self) { bytes in
    for index in bytes.indices { unsafe bytes[index] = ~bytes[index] }
  }
}

private func checkInverted(_ result: [UInt8]) {
  for index in [0, imageByteCount / 2, imageByteCount - 1] {
    check(result.count == imageByteCount && result[index] == ~image[index], "a wrong image")
  }
}
