import ProcPool

/// Tasks that do nothing: only the pool's own work remains.
let mapScenarios: [String: Scenario] = [
  "map-chunk-1": { load in try map(load, chunkSize: 1) },
  "map-default": { load in try map(load, chunkSize: .automatic) },
  // Results as they arrive, from a sequence that is never all in memory.
  "memory": { load in
    try Pool.with(PoolOptions(workers: load.workers), body: { (n: Int) in n }) { pool in
      try drain(pool.imapUnordered(0..<1000), count: 1000)
      let begin = statusBytes("VmRSS")
      let wall = try seconds { try drain(pool.imapUnordered(0..<load.tasks), count: load.tasks) }
      let memory = MemoryGrowth(begin: begin, end: statusBytes("VmRSS"), peak: statusBytes("VmHWM"))
      return Measurement(tasks: load.tasks, wallSeconds: wall, memory: memory)
    }
  },
]

private func map(_ load: Load, chunkSize: ChunkSize) throws -> Measurement {
  try Pool.with(PoolOptions(workers: load.workers), body: { (n: Int) in n }) { pool in
    _ = try pool.map(0..<100, chunkSize: 1)
    var results: [Int] = []
    let wall = try seconds { results = try pool.map(0..<load.tasks, chunkSize: chunkSize) }
    check(results.elementsEqual(0..<load.tasks), "wrong results")
    return Measurement(tasks: load.tasks, wallSeconds: wall)
  }
}

private func drain(_ results: UnorderedResults<Int, Int>, count: Int) throws {
  var (seen, sum) = (0, 0)
  while let outcome = try results.next() {
    seen += 1
    sum += try outcome.result.get()
  }
  check(seen == count && sum == count * (count - 1) / 2, "wrong results")
}
