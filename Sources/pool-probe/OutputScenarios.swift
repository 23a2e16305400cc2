@unsafe @preconcurrency internal import Glibc
import ProcPool

/// Workers' standard error and standard output are the parent's, and output arrives at once and in order.
let outputScenarios: [String: Scenario] = [
  "aFailureHasTheEndOfItsWorkersStderr": { _ in
    var ends: [String] = []
    var options = options(2)
    options.onWorkerEnd = { ends.append($0.output) }
    let program = Program {
      let pool = try Pool(options) { (n: Int) -> Int in
        sayByLibrary("task \(n) begins\n")
        if n == 1 { fatalError("no more of this") }
        return n
      }
      let failure = failure { _ = try pool.map(0..<2, chunkSize: 1) }
      check(failure.output.contains("task 1 begins\n"), failure.output)
      check(failure.output.contains("no more of this"), failure.output)
      check(failure.description.contains("no more of this"), failure.description)
      checkEqual(ends.filter { $0.contains("no more of this") }.count, 1, "ends with the message of the trap")
      pool.terminate()
    }
    checkEqual(program.wait(), 0, program.errors)
    check(program.errors.contains("task 0 begins\n") && program.errors.contains("no more of this"), program.errors)
  },
  "onlyTheEndOfALongOutputIsKept": { _ in
    let program = Program {
      let pool = try Pool(options(1)) { (n: Int) -> Int in
        for number in 0..<2000 { sayByLibrary("line \(number)\n") }
        kill(getpid(), SIGKILL)
        return n
      }
      let failure = failure { _ = try pool.apply(1) }
      check(failure.output.utf8.count <= 4096 && failure.output.utf8.count > 4000, "\(failure.output.utf8.count) bytes")
      check(failure.output.hasPrefix("line ") && failure.output.hasSuffix("line 1999\n"), failure.output)
    }
    checkEqual(program.wait(), 0, program.errors)
    check(program.errors.hasPrefix("line 0\n") && program.errors.hasSuffix("line 1999\n"), "not all of it")
  },
  "aFloodOfOutputArrivesWhole": { _ in
    let line = String(repeating: "x", count: 99) + "\n"
    let program = Program {
      let pool = try Pool(options(3)) { (n: Int) -> Int in
        for _ in 0..<10_000 { say(line) }
        return n
      }
      checkEqual(try pool.map(0..<6, chunkSize: 1), Array(0..<6))
    }
    checkEqual(program.wait(), 0)
    checkEqual(program.errors.utf8.count, 6 * 1_000_000, "bytes")
    check(program.errorLines.allSatisfy { $0.count == 99 }, "a torn line")
  },
  // A task's output comes before what the parent writes when it has the result.
  "linesStandInTheOrderInWhichTheyWereWritten": { _ in
    let program = Program {
      let pool = try Pool(options(1)) { (n: Int) -> Int in
        say("task \(n)\n")
        return n
      }
      for n in 0..<8 {
        _ = try pool.apply(n)
        say("result \(n)\n")
      }
    }
    program.wait()
    checkEqual(program.errorLines.map(String.init), (0..<8).flatMap { ["task \($0)", "result \($0)"] }, "lines")
  },
  "linesOfTheLastTasksAreThereHoweverTheParentEnds": { _ in
    for signal in [nil, SIGKILL, SIGABRT] as [Int32?] {
      let program = Program {
        let pool = try Pool(options(2)) { (n: Int) -> Int in
          say("task \(n)\n")
          return n
        }
        _ = try pool.map(0..<8, chunkSize: 1)
        if signal == SIGABRT { abort() }
        if let signal { kill(getpid(), signal) }
        exit(0)
      }
      checkEqual(program.wait(), signal ?? 0, "the end of the parent")
      checkEqual(Set(program.errorLines.map(String.init)), Set((0..<8).map { "task \($0)" }), "lines")
    }
  },
  // Programs that open standard error by its name, and programs that write after their worker has left.
  "programsThatWorkersStartWriteWhereTheyDo": { _ in
    let ends = pipeEnds()
    let program = Program(errors: ends.writing) {
      let pool = try Pool(options(1)) { (n: Int) -> Int in
        say("before\n")
        check(unsafe system("echo program > /dev/stderr; (sleep 0.3; echo behind >&2) &") == 0, "no shell")
        say("after\n")
        return n
      }
      _ = try pool.map(0..<2, chunkSize: 1)
      pool.terminate()
    }
    close(ends.writing)
    let lines = readAll(ends.reading).split(separator: "\n").map(String.init)
    checkEqual(program.wait(), 0, "the end of the parent")
    checkEqual(lines, ["before", "program", "after", "before", "program", "after", "behind", "behind"], "lines")
  },
  "outputWithoutAReaderIsNoFailure": { _ in
    let ends = pipeEnds()
    close(ends.reading)
    let program = Program(errors: ends.writing, output: ends.writing) {
      let pool = try Pool(options(2)) { (n: Int) -> Int in
        say("task \(n)\n")
        sayByLibrary("task \(n)\n")
        print("task", n)
        fflush(nil)
        return n
      }
      checkEqual(try pool.map(0..<20, chunkSize: 1), Array(0..<20))
      _exit(0)
    }
    checkEqual(program.wait(), 0, "the end of the parent")
  },
  "aFullPipeBlocksTheWriterAndNotTheParent": { _ in
    let ends = pipeEnds()
    let program = Program(errors: ends.writing) {
      let pool = try Pool(options(1)) { (n: Int) -> Int in
        for _ in 0..<2000 { say(String(repeating: "x", count: 99) + "\n") }
        return n
      }
      do {
        _ = try pool.applyAsync(1).get(timeout: 0.3)
        _exit(3)
      } catch PoolError.timedOut {}
      pool.terminate()
      _exit(0)
    }
    checkEqual(program.wait(), 0, "the end of the parent")
  },
  // The parent's pipe is non-blocking, yet no worker loses output.
  "aPipeThatDoesNotWaitLosesNothing": { _ in
    let ends = pipeEnds()
    let program = Program(errors: ends.writing, output: ends.writing) {
      for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
      }
      let pool = try Pool(options(2)) { (n: Int) -> Int in
        for _ in 0..<1000 { say(String(repeating: "x", count: 99) + "\n") }
        for _ in 0..<1000 { print(String(repeating: "y", count: 99)) }
        return n
      }
      _ = try pool.map(0..<2, chunkSize: 1)
      _exit(0)
    }
    close(ends.writing)
    let lines = readAll(ends.reading).split(separator: "\n")
    checkEqual(program.wait(), 0, "the end of the parent")
    checkEqual(lines.count, 4000, "lines")
    check(lines.allSatisfy { $0.count == 99 }, "a torn line")
  },
  // Into a pipe, where the C library would buffer 4 KiB and tear a line.
  "printedLinesAreWholeAndNoneIsLostWhenThePoolEnds": { _ in
    let ends = pipeEnds()
    let program = Program(output: ends.writing) {
      try Pool.with(
        options(4),
        body: { (n: Int) -> Int in
          for line in 0..<50 { print("task \(n) line \(line) " + String(repeating: "z", count: 60)) }
          print("end of \(n)", terminator: ";")
          return n
        }
      ) { pool in _ = try pool.map(0..<40, chunkSize: 1) }
    }
    close(ends.writing)
    let text = readAll(ends.reading)
    program.wait()
    let lines = text.split(separator: "\n").map { $0.split(separator: ";").last ?? "" }
    checkEqual(lines.count { $0.hasPrefix("task") && $0.hasSuffix("zzz") }, 2000, "whole lines")
    checkEqual(text.split(separator: ";").count { $0.contains("end of") }, 40, "ends of tasks")
  },
  // Files may not grow: the writer gets the error, and its worker lives.
  "aLimitOfFileSizeIsNoLimitOfOutput": { _ in
    let ends = pipeEnds()
    let program = Program(errors: ends.writing) {
      var limit = rlimit(rlim_cur: 0, rlim_max: rlim_t.max)
      check(unsafe setrlimit(__rlimit_resource_t(1), &limit) == 0, "setrlimit")  // RLIMIT_FSIZE
      let pool = try Pool(options(1)) { (n: Int) -> Int in
        say("task \(n)\n")
        return n
      }
      _ = try pool.map(0..<5, chunkSize: 1)
      _exit(0)
    }
    close(ends.writing)
    checkEqual(readAll(ends.reading).split(separator: "\n").count, 5, "lines")
    checkEqual(program.wait(), 0, "the end of the parent")
  },
  "aFileThatMayNotGrowIsNoFailure": { _ in
    let program = Program {
      var limit = rlimit(rlim_cur: 12, rlim_max: rlim_t.max)
      check(unsafe setrlimit(__rlimit_resource_t(1), &limit) == 0, "setrlimit")  // RLIMIT_FSIZE
      let pool = try Pool(options(1)) { (n: Int) -> Int in
        say("task \(n)\n")
        sayByLibrary("task \(n)\n")
        return n
      }
      checkEqual(try pool.map(0..<5, chunkSize: 1), Array(0..<5))
      _exit(0)
    }
    checkEqual(program.wait(), 0, "the end of the parent")
    checkEqual(program.errors, "task 0\ntask ", "as much as there is room for")
  },
]

/// Writes through the C library, as `fatalError` and `assert` do.
private func sayByLibrary(_ text: String) { unsafe _ = fputs(text, stderr) }
