internal import Glibc
import ProcPool

// The argument is the number of instructions between two trials. With 1, all are tried.
let claimStepScenarios: [String: Scenario] = [
  // Afterwards the worker goes on and runs what it may.
  "aWorkerHeldAtAnyInstructionOfItsClaimsSharesNoTask": { arguments in
    let stepper = try Stepper()
    let chunk = try SteppedChunk()
    var ends = [Int](repeating: 0, count: SteppedChunk.taskCount + 1)
    for count in stride(from: 0, to: 100_000, by: Int(arguments[0]) ?? 1) {
      chunk.offer()
      let worker = Child {
        stepper.stopHere()
        chunk.runAll()
      }
      let hasEnded = !stepper.run(worker, for: count)
      let end = try chunk.takeBack(from: 1)
      if !hasEnded { stepper.resume(worker) }
      if !hasEnded { worker.join() }
      checkEqual(chunk.runs, (0..<SteppedChunk.taskCount).map { $0 < end ? 1 : 0 }, "held after \(count), runs")
      ends[end] += 1
      if hasEnded { break }
    }
    check(ends.dropFirst().allSatisfy { $0 > 0 }, "tasks were taken back from \(ends)")
  },
  // What it had not begun is left to others; of what it had begun, at most one task is not done.
  "aWorkerKilledAtAnyInstructionOfItsClaimsHasBegunWhatItRan": { arguments in
    let stepper = try Stepper()
    let chunk = try SteppedChunk()
    var seen: Set<Int> = []
    for count in stride(from: 0, to: 100_000, by: Int(arguments[0]) ?? 1) {
      chunk.offer()
      let worker = Child {
        stepper.stopHere()
        chunk.runAll()
      }
      let isLast = !stepper.kill(worker, after: count)
      let begun = try chunk.begunCount()
      checkEqual(try chunk.takeBack(from: 0), begun, "killed after \(count), where the tasks end")
      let done = chunk.runs.reduce(0, +)
      check(chunk.runs.allSatisfy { $0 <= 1 }, "a task ran twice")
      check(done == begun || done == begun - 1, "killed after \(count): \(begun) begun, \(done) done")
      seen.insert(begun)
      if isLast { break }
    }
    checkEqual(seen, Set(0...SteppedChunk.taskCount), "how many had been begun")
  },
]

/// One chunk of three tasks, and how often each has run.
private final class SteppedChunk {
  static let taskCount = 3
  private let memory: SharedMapping
  private let claims: ClaimTable
  private let counts: SharedArray<Int32>
  private var number: UInt64 = 0

  init() throws {
    memory = try SharedMapping(byteCount: ClaimTable.byteCount)
    claims = ClaimTable(in: memory, at: 0)
    counts = try SharedArray(count: Self.taskCount)
  }

  var runs: [Int] { (0..<Self.taskCount).map { Int(counts[$0]) } }

  func offer() {
    for task in 0..<Self.taskCount { counts[task] = 0 }
    number += 1
    claims.offer(number, taskCount: UInt32(Self.taskCount))
  }

  /// In the worker.
  func runAll() {
    for task in 0..<Self.taskCount {
      guard claims.claim(UInt32(task), of: number) else { break }
      counts[task] += 1
    }
    claims.pass(number)
  }

  /// - Returns: where the tasks end that the worker has begun or may begin.
  func takeBack(from end: Int) throws -> Int {
    Int(try claims.takeBack(from: UInt32(end), of: number, end: UInt32(Self.taskCount)))
  }

  func begunCount() throws -> Int { Int(try claims.begunCount(of: number, end: UInt32(Self.taskCount))) }
}
