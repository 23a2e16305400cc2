internal import Glibc
import ProcPool

/// Tasks of mixed lengths: no worker should hold waiting tasks while another is idle. They sleep, so that each takes
/// its stated time on any number of cores. `experiments/pool/mixed.py` has the same lengths.
let mixedScenarios: [String: Scenario] = [
  "every-fourth-chunk-1": { load in try map(everyFourthLong(load), load, chunkSize: 1) },
  "every-fourth-default": { load in try map(everyFourthLong(load), load, chunkSize: .automatic) },
  "long-first-chunk-1": { load in try map(longFirst(load), load, chunkSize: 1) },
  "long-first-default": { load in try map(longFirst(load), load, chunkSize: .automatic) },
  "hanging-chunk-1": { load in try mapBesideHanging(load, chunkSize: 1) },
  "hanging-default": { load in try mapBesideHanging(load, chunkSize: .automatic) },
]

private func everyFourthLong(_ load: Load) -> [Double] {
  (0..<load.tasks).map { $0 % 4 == 3 ? 0.3 : 0.01 }
}

private func longFirst(_ load: Load) -> [Double] {
  [0.4] + [Double](repeating: 0.002, count: load.tasks - 1)
}

private func map(_ lengths: [Double], _ load: Load, chunkSize: ChunkSize) throws -> Measurement {
  try withWarmPool(load) { pool in
    var results: [Double] = []
    let wall = try seconds { results = try pool.map(lengths, chunkSize: chunkSize) }
    check(results == lengths, "wrong results")
    return Measurement(tasks: load.tasks, wallSeconds: wall, mixed: MixedTasks(seconds: lengths.sum, ended: true))
  }
}

/// Seconds until a map ends beside a task that hangs; 5 if it has not by then.
private func mapBesideHanging(_ load: Load, chunkSize: ChunkSize) throws -> Measurement {
  let lengths = [Double](repeating: 0.01, count: load.tasks)
  return try withWarmPool(load) { pool in
    _ = try pool.applyAsync(60)
    var results: [Double]?
    let wall = try seconds {
      do {
        results = try pool.mapAsync(lengths, chunkSize: chunkSize).get(timeout: 5)
      } catch PoolError.timedOut {}
    }
    check(results == nil || results == lengths, "wrong results")
    let mixed = MixedTasks(seconds: lengths.sum, ended: results != nil)
    return Measurement(tasks: load.tasks, wallSeconds: wall, mixed: mixed)
  }
}

/// A pool whose workers have each had tasks, the last of which do nothing: after long ones, a pool that hands out ahead
/// only while tasks are short would know what is coming.
private func withWarmPool(_ load: Load, _ use: (Pool<Double, Double>) throws -> Measurement) throws -> Measurement {
  try Pool.with(PoolOptions(workers: load.workers), body: sleep) { pool in
    _ = try pool.map([Double](repeating: 0.02, count: 4 * load.workers), chunkSize: 1)
    _ = try pool.map([Double](repeating: 0, count: 100 * load.workers), chunkSize: 1)
    return try use(pool)
  }
}

private func sleep(seconds: Double) -> Double {
  if seconds > 0 { usleep(UInt32(seconds * 1_000_000)) }
  return seconds
}

extension [Double] {
  fileprivate var sum: Double { reduce(0, +) }
}
