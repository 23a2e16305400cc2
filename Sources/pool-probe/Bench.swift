internal import Glibc
import ProcPool
let benchScenarios: [String: Scenario] = [
  "bench": { _ in
    let pool = try Pool(options(2)) { (n: Int) in n }
    for size in [1, 0] {
      var t0 = timespec(); unsafe clock_gettime(CLOCK_MONOTONIC, &t0)
      let n = 2_000_000
      _ = try pool.map(0..<n, chunkSize: size == 0 ? nil : size)
      var t1 = timespec(); unsafe clock_gettime(CLOCK_MONOTONIC, &t1)
      let s = Double(t1.tv_sec - t0.tv_sec) + Double(t1.tv_nsec - t0.tv_nsec) * 1e-9
      print(size, "us per task", s / Double(n) * 1e6)
    }
  }
]
