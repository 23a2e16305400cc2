internal import Glibc
import ProcPool

struct Point: Codable, Hashable {
  var name: String
  var x: Double
  var next: [Int]?
}

let resultScenarios: [String: Scenario] = [
  "mapEqualsSerialForAnyChunkSize": { _ in
    let expected = (0..<100).map { $0 * $0 }
    let pool = try Pool(options(3)) { (n: Int) in n * n }
    checkEqual(try pool.map(0..<100), expected)
    for chunkSize in [1, 3, 20, 100, 1000] { checkEqual(try pool.map(0..<100, chunkSize: .fixed(chunkSize)), expected) }
  },
  "starmapUnpacksItsArguments": { _ in
    let pool = try Pool(options(2)) { (a: Int, b: String) in "\(a)\(b)" }
    checkEqual(try pool.starmap([(1, "a"), (2, "b")]), ["1a", "2b"])
    checkEqual(try Pool.starmap([(2, 3), (4, 5)], options(2)) { $0 * $1 }, [6, 20])
  },
  "resultsAreInInputOrderWhateverTheirDuration": { _ in
    let pool = try Pool(options(4)) { (n: Int) -> Int in
      pause(seconds: Double(20 - n) * 0.005)
      return n
    }
    checkEqual(try pool.map(0..<20, chunkSize: 1), Array(0..<20))
  },
  "emptyInputGivesNothing": { _ in
    let pool = try Pool(options(2)) { (n: Int) in n }
    checkEqual(try pool.map([Int]()), [])
    check(try pool.imapUnordered([Int]()).next() == nil, "an outcome of nothing")
  },
  "everyKindOfPayloadComesBackUnchanged": { _ in
    try checkEcho([0, -1, Int.max, Int.min])
    try checkEcho(["", "text", "Grüße \u{0} 🦝"])
    try checkEcho([[], [UInt8](repeating: 7, count: 1_000_000), [1, 2, 3]])
    try checkEcho([0.1, .infinity, -0.0, .greatestFiniteMagnitude])
    try checkEcho([Point(name: "a", x: .infinity, next: nil), Point(name: "", x: 0.1, next: [1, 2])])
    try checkEcho([[["nested"], []], [["x", "y"]]])
    try checkEcho([Optional(3), nil])
    try checkEcho([Point(name: "$null", x: 0, next: nil), Point(name: "\u{0}$null", x: -0.0, next: [])])
    try checkEcho([["$null"], [nil], ["nil", "", nil]])
    try checkEcho([["$null": "$null"], [:]])
    try checkEcho([[nil], [.some(nil)], [.some(.some("x"))]] as [[String??]])
  },
  // As deep as the stack goes, in the parent and in its workers; beyond that it is an error of the task.
  "aValueNestedTooDeeplyFailsItsTaskOnly": { _ in
    let pool = try Pool(options(2)) { (chain: Chain) in Chain(length: chain.length + 1) }
    let before = pool.workerPIDs
    checkEqual(try pool.map([10, 2000, 30].map { Chain(length: $0) }, chunkSize: 1).map(\.length), [11, 2001, 31])
    let results = try pool.imap([10, 40_000, 20].map { Chain(length: $0) })
    checkEqual(try results.next()?.length, 11)
    let failure = failure { _ = try results.next() }
    check(failure.description.contains("too deeply"), failure.description)
    checkEqual(try results.next()?.length, 21)
    checkEqual(pool.workerPIDs, before, "workers")
  },
  "payloadsLargerThanAnyPipePass": { _ in
    let pool = try Pool(options(2)) { (bytes: [UInt8]) in bytes.map { $0 &+ 1 } }
    let inputs = (0..<6).map { [UInt8](repeating: UInt8($0), count: 3_000_000 + $0) }
    checkEqual(try pool.map(inputs, chunkSize: 1), inputs.map { $0.map { $0 &+ 1 } })
  },
  // The argument is a size in bytes: one payload of that size, there and back. Not in the tests: it takes six times as
  // much memory.
  "aPayloadOfAGivenSizePasses": { arguments in
    let count = Int(arguments.first ?? "") ?? 1 << 20
    let pool = try Pool(options(1)) { (bytes: [UInt8]) in bytes }
    let result = try pool.apply([UInt8](repeating: 7, count: count))
    check(result.count == count && result.first == 7 && result.last == 7, "\(result.count) bytes")
  },
  "repliesLargerThanTheRingNeverStall": { _ in
    let pool = try Pool(options(3)) { (n: Int) in [UInt8](repeating: UInt8(n % 251), count: 200_000 + 1000 * (n % 400))
    }
    let results = try pool.imapUnordered(0..<3000)
    var count = 0
    while let outcome = try results.next() {
      count += 1
      let (n, bytes) = (outcome.index, try outcome.result.get())
      check(bytes.count == 200_000 + 1000 * (n % 400) && bytes.last == UInt8(n % 251), "the reply to \(n)")
    }
    checkEqual(count, 3000)
  },
  "unorderedOutcomesComeAsTheyFinish": { _ in
    let pool = try Pool(options(2)) { (n: Int) -> Int in
      if n == 0 { pause(seconds: 0.3) }
      return n
    }
    let results = try pool.imapUnordered(0..<10)
    var order: [Int] = []
    while let outcome = try results.next() { order.append(try outcome.result.get()) }
    check(order.first != 0, "the slow one came first")
    checkEqual(order.sorted(), Array(0..<10))
  },
  "aReplyDoesNotWaitForTheTaskBehindIt": { _ in
    let tally = Tally()
    defer { tally.remove() }
    let pool = try Pool(options(1)) { (n: Int) -> Int in
      while n == 1 && tally.count(7) == 0 { pause(seconds: 0.001) }  // until the parent has seen the reply to task 0
      return n
    }
    let results = try pool.imapUnordered(0..<2)
    checkEqual(try results.next()?.index, 0)
    tally.add(7)
    checkEqual(try results.next()?.index, 1)
  },
  "anInfiniteSequenceIsReadNoFurtherThanTheWindow": { _ in
    var taken = 0
    let source = sequence(first: 0) { $0 + 1 }.lazy.map { (n: Int) -> Int in
      taken += 1
      return n
    }
    let pool = try Pool(options(2)) { (n: Int) in n }
    for (chunkSize, window) in [(1, 5), (4, 9), (1, 64)] {
      taken = 0
      let results = try pool.imapUnordered(source, chunkSize: .fixed(chunkSize), window: window)
      for count in 1...100 {
        check(try results.next() != nil, "an end")
        check(taken <= count + window, "\(taken) taken after \(count) with a window of \(window)")
      }
    }
  },
  "callsOnOnePoolMayOverlap": { _ in
    let pool = try Pool(options(2)) { (n: Int) in n + 1 }
    let results = try pool.imapUnordered(0..<50)
    var sum = 0
    while let outcome = try results.next() {
      sum += try outcome.result.get()
      checkEqual(try pool.map([10, 20]), [11, 21])
    }
    checkEqual(sum, 1275)
  },
  "initializerRunsOnceInEachProcessAndInReplacements": { _ in
    let tally = Tally()
    defer { tally.remove() }
    let pool = try Pool(options(1, retries: 1), initializer: { rank in tally.add(rank) }) { (n: Int) -> Int in
      if n == 3 && tally.count(9) == 0 {
        tally.add(9)
        kill(getpid(), SIGKILL)
      }
      return n
    }
    checkEqual(try pool.map(0..<20, chunkSize: 1), Array(0..<20))
    checkEqual(tally.values, [0, 9, 0], "initializer, death, initializer of the replacement")
  },
  "capturedValuesAreInheritedNotEncoded": { _ in
    final class Unencodable { let table = [3, 1, 4] }
    let captured = Unencodable()
    checkEqual(try Pool.map([0, 1, 2], options(2)) { captured.table[$0] }, [3, 1, 4])
  },
]

private func checkEcho<Value: Codable & Equatable>(_ values: [Value]) throws {
  let pool = try Pool(options(2)) { (value: Value) in value }
  checkEqual(try pool.map(values, chunkSize: 1), values)
  pool.terminate()
}

/// A value nested to any depth; made and freed without recursion.
private final class Chain: Codable {
  private(set) var next: Chain?

  init(length: Int) {
    for _ in 1..<length {
      let link = Chain()
      link.next = next
      next = link
    }
  }

  private init() {}

  deinit {
    var rest = next.take()
    while rest != nil, isKnownUniquelyReferenced(&rest) { rest = rest?.next.take() }
  }

  var length: Int {
    var (count, link) = (1, next)
    while let found = link { (count, link) = (count + 1, found.next) }
    return count
  }
}
