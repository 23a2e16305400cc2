internal import Glibc
import ProcPool

/// Latency of one task, and of starting a pool.
let latencyScenarios: [String: Scenario] = [
  "apply": { load in
    try Pool.with(PoolOptions(workers: load.workers), body: { (n: Int) in n }) { pool in
      for n in 0..<100 { _ = try pool.apply(n) }
      let wall = try seconds {
        for n in 0..<load.tasks { check(try pool.apply(n) == n, "a wrong result") }
      }
      return Measurement(tasks: load.tasks, wallSeconds: wall)
    }
  },
  // From before the pool is made to the results of one task per worker.
  "start": { load in
    var results: [Int] = []
    let begin = ContinuousClock.now
    let pool = try Pool(PoolOptions(workers: load.workers)) { (n: Int) in n }
    results = try pool.map(0..<load.workers, chunkSize: 1)
    let wall = (ContinuousClock.now - begin) / .seconds(1)
    pool.terminate()
    check(results.elementsEqual(0..<load.workers), "wrong results")
    return Measurement(tasks: load.workers, wallSeconds: wall)
  },
  // A round trip without a pool: eight bytes to a forked process and back, through two pipes.
  "pipe": { load in
    let (requests, replies) = (pipeEnds(), pipeEnds())
    let child = fork()
    check(child >= 0, "fork")
    if child == 0 {
      close(requests.writing)
      while let number = receive(from: requests.reading) { send(number, to: replies.writing) }
      _exit(0)
    }
    close(requests.reading)
    let wall = seconds {
      for n in 0..<load.tasks {
        send(n, to: requests.writing)
        check(receive(from: replies.reading) == n, "a wrong reply")
      }
    }
    close(requests.writing)
    waitpid(child, nil, 0)
    return Measurement(tasks: load.tasks, wallSeconds: wall)
  },
]

private func pipeEnds() -> (reading: Int32, writing: Int32) {
  var ends: [Int32] = [0, 0]
  check(unsafe pipe(&ends) == 0, "pipe")
  return (ends[0], ends[1])
}

private func send(_ number: Int, to descriptor: Int32) {
  var number = number
  check(unsafe write(descriptor, &number, 8) == 8, "write")
}

/// `nil` at the end of file.
private func receive(from descriptor: Int32) -> Int? {
  var number = 0
  return unsafe read(descriptor, &number, 8) == 8 ? number : nil
}
