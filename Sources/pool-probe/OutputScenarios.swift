internal import Glibc
import ProcPool

let outputScenarios: [String: Scenario] = [
  "aFailureTellsTheLastWordsOfItsWorker": { _ in
    var ends: [String] = []
    var options = options(2)
    options.onWorkerEnd = { ends.append($0.output) }
    let written = try standardError {
      let pool = try Pool(options) { (n: Int) -> Int in
        say("task \(n) begins\n")
        if n == 1 { fatalError("no more of this") }
        return n
      }
      let failure = failure { _ = try pool.map(0..<2, chunkSize: 1) }
      check(failure.output.contains("task 1 begins\n"), failure.output)
      check(failure.output.contains("no more of this"), failure.output)
      check(failure.description.contains("no more of this"), failure.description)
      pool.terminate()
    }
    checkEqual(ends.filter { $0.contains("no more of this") }.count, 1, "ends with last words")
    check(written.contains("task 0 begins\n") && written.contains("no more of this"), written)
  },
  // Nobody reads for a while, and nobody waits for that.
  "aFloodOfOutputHoldsNobodyAndArrivesWhole": { _ in
    let line = String(repeating: "x", count: 99) + "\n"
    let written = try standardError {
      let pool = try Pool(options(3)) { (n: Int) -> Int in
        for _ in 0..<10_000 { say(line) }
        return n
      }
      let handle = try pool.mapAsync(0..<6, chunkSize: 1)
      pause(seconds: 0.2)
      checkEqual(try handle.get(), Array(0..<6))
      pool.close()
      try pool.join()
    }
    checkEqual(written.utf8.count, 6 * 1_000_000, "bytes")
    check(written.split(separator: "\n").allSatisfy { $0.count == 99 }, "a torn line")
  },
  "onlyTheEndOfALongOutputIsKept": { _ in
    let written = try standardError {
      let pool = try Pool(options(1)) { (n: Int) -> Int in
        for number in 0..<2000 { say("line \(number)\n") }
        kill(getpid(), SIGKILL)
        return n
      }
      let failure = failure { _ = try pool.apply(1) }
      check(failure.output.utf8.count <= 4096 && failure.output.utf8.count > 4000, "\(failure.output.utf8.count) bytes")
      check(failure.output.hasPrefix("line ") && failure.output.hasSuffix("line 1999\n"), failure.output)
      pool.terminate()
    }
    check(written.hasPrefix("line 0\n") && written.hasSuffix("line 1999\n"), "not all of it")
  },
]

private func say(_ text: String) {
  var text = text
  text.withUTF8 { _ = unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// What is written to standard error while `body` runs.
private func standardError(of body: () throws -> Void) throws -> String {
  var path = Array("/tmp/pool-probe-XXXXXX".utf8CString)
  let file = unsafe mkstemp(&path)
  check(file >= 0, "no temporary file")
  defer {
    close(file)
    unsafe unlink(path)
  }
  let own = dup(STDERR_FILENO)
  dup2(file, STDERR_FILENO)
  defer {
    dup2(own, STDERR_FILENO)
    close(own)
  }
  try body()
  var bytes = [UInt8](repeating: 0, count: Int(lseek(file, 0, SEEK_END)))
  checkEqual(unsafe pread(file, &bytes, bytes.count, 0), bytes.count, "bytes read")
  return String(decoding: bytes, as: UTF8.self)
}
