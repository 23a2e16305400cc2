internal import Glibc
import ProcPool

/// What a task of the hostile loop does.
private enum Deed: Int, Codable, CaseIterable {
  case answer, answerAtLength, work, die, crash, leave, refuse, hang
}

let hostileScenarios: [String: Scenario] = [
  // The argument is a seed. For 200 rounds, tasks die, crash, exit, throw and hang, workers are killed and stopped from
  // outside at any moment, and handles are cancelled. Every handle ends, and nothing is left.
  "everyHandleEndsWhateverHappens": { arguments in
    var random = Generator(state: UInt64(arguments[0]) ?? 1)
    let descriptorsBefore = openDescriptorCount()
    let mappingsBefore = sharedMappingCount()
    var ends: [String: Int] = [:]
    for _ in 0..<200 { try hostileRound(&random, &ends) }
    checkEqual(openDescriptorCount(), descriptorsBefore, "open descriptors")
    checkEqual(sharedMappingCount(), mappingsBefore, "shared mappings")
    check(!hasChild(), "a child is left")
    for end in ["value", "threw", "died", "timedOut", "cancelled", "terminated"] {
      check(ends[end, default: 0] > 0, "no handle ended as \(end): \(ends)")
    }
  }
]

private func hostileRound(_ random: inout Generator, _ ends: inout [String: Int]) throws {
  var options = options(3, retries: Int(random.next() % 2))
  options.terminationGraceSeconds = 0.01
  options.startTimeoutSeconds = 0.3
  options.leaveTimeoutSeconds = 0.1
  if random.next() % 3 == 0 { options.maxTasksPerChild = 1 + Int(random.next() % 5) }
  let pool = try Pool(options) { (deed: Deed) throws -> [UInt8] in try perform(deed) }
  var handles: [AsyncResult<[UInt8]>] = []
  for _ in 0..<12 {
    let deed = Deed.allCases[Int(random.next() % UInt64(Deed.allCases.count))]
    handles.append(try pool.applyAsync(deed, timeout: 0.03))
    disturb(pool, handles, &random)
  }
  let endsEarly = random.next() % 4 == 0
  if !endsEarly { for handle in handles { handle.wait(timeout: 30) } }
  check(endsEarly || handles.allSatisfy { $0.ready() }, "a handle has not ended in 30 s")
  pool.terminate()
  for handle in handles { ends[end(of: handle), default: 0] += 1 }
}

private func perform(_ deed: Deed) throws -> [UInt8] {
  switch deed {
  case .answer: return [1]
  case .answerAtLength: return [UInt8](repeating: 7, count: 1 << 20)
  case .work: pause(seconds: 0.003)
  case .die: kill(getpid(), SIGKILL)
  case .crash: abort()
  case .leave: exit(3)
  case .refuse: throw Refusal(number: 1)
  case .hang: pause(seconds: 600)
  }
  return []
}

/// Disturbs the pool at random, or not at all.
private func disturb(
  _ pool: Pool<Deed, [UInt8]>, _ handles: [AsyncResult<[UInt8]>], _ random: inout Generator
) {
  switch random.next() % 16 {
  case 0: killWorker(Int(random.next() % 3), of: pool)
  case 1: if let pid = pool.workerPIDs[Int(random.next() % 3)] { kill(pid, SIGSTOP) }
  case 2: handles[Int(random.next() % UInt64(handles.count))].cancel()
  case 3: handles[0].wait(timeout: 0.002)
  case 4: usleep(UInt32(random.next() % 2000))
  default: break
  }
}

/// How a handle has ended; it must have.
private func end(of handle: AsyncResult<[UInt8]>) -> String {
  do {
    _ = try handle.get(timeout: 0)
    return "value"
  } catch {
    switch error {
    case .taskFailed(let failure):
      switch failure.cause {
      case .threw: return "threw"
      case .workerEnded: return "died"
      case .timedOut: return "timedOut"
      case .notRun: return "notRun"
      }
    case .cancelled: return "cancelled"
    case .terminated: return "terminated"
    default: fail("a handle ended with \(error)")
    }
  }
}
