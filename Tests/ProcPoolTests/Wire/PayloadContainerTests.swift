import Dispatch
import Foundation
import ProcPool
import Synchronization
import Testing

/// Guarantees of the containers beyond values: order, merging, misuse, depth and untrusted bytes.
struct PayloadContainerTests {
  private enum Key: String, CodingKey { case a, b, c }

  private struct Abc: Codable, Equatable {
    var a: [Int]
    var b: [String: Int]
    var c: Int
  }

  @Test func nestedContainersMayBeWrittenInTurn() throws {
    let bytes = try PayloadFormat.encode(
      Written { encoder in
        var outer = encoder.container(keyedBy: Key.self)
        var list = outer.nestedUnkeyedContainer(forKey: .a)
        var keyed = outer.nestedContainer(keyedBy: Key.self, forKey: .b)
        try list.encode(1)
        try keyed.encode(10, forKey: .a)
        try outer.encode(3, forKey: .c)
        try list.encode(2)
        try keyed.encode(11, forKey: .b)
        #expect(list.count == 2)
      })
    #expect(try PayloadFormat.decode(Abc.self, from: bytes) == Abc(a: [1, 2], b: ["a": 10, "b": 11], c: 3))
  }

  @Test func oneContainerAskedForTwiceIsOne() throws {
    let bytes = try PayloadFormat.encode(
      Written { encoder in
        var first = encoder.container(keyedBy: Key.self)
        var second = encoder.container(keyedBy: Key.self)
        try first.encode([0], forKey: .a)
        try second.encode([4], forKey: .a)
        for key in [Key.a, .c] {
          var nested = first.nestedContainer(keyedBy: Key.self, forKey: .b)
          try nested.encode(7, forKey: key)
        }
        try second.encode(3, forKey: .c)
      })
    #expect(try PayloadFormat.decode(Abc.self, from: bytes) == Abc(a: [4], b: ["a": 7, "c": 7], c: 3))
  }

  @Test func aMemberThatThrewIsNotThere() throws {
    struct Refusal: Error {}
    let bytes = try PayloadFormat.encode(
      Written { encoder in
        var outer = encoder.container(keyedBy: Key.self)
        let refused = Written { encoder in
          var list = encoder.unkeyedContainer()
          try list.encode("half")
          var nested = list.nestedUnkeyedContainer()
          try nested.encode("more")
          throw Refusal()
        }
        #expect(throws: Refusal.self) { try outer.encode(refused, forKey: .c) }
        try outer.encode([1], forKey: .a)
        try outer.encode(["x": 1], forKey: .b)
        try outer.encode(3, forKey: .c)
      })
    #expect(try PayloadFormat.decode(Abc.self, from: bytes) == Abc(a: [1], b: ["x": 1], c: 3))
  }

  @Test func conflictsThrowInTheEnd() {
    let conflicts: [(any Encoder) throws -> Void] = [
      { encoder in
        _ = encoder.container(keyedBy: Key.self)
        _ = encoder.unkeyedContainer()
      },
      { encoder in
        var single = encoder.singleValueContainer()
        try single.encode(1)
        try single.encode(2)
      },
      { encoder in
        var keyed = encoder.container(keyedBy: Key.self)
        _ = keyed.nestedContainer(keyedBy: Key.self, forKey: .a)
        _ = keyed.nestedUnkeyedContainer(forKey: .a)
      },
      { encoder in
        var list = encoder.unkeyedContainer()
        for _ in 0..<100_000 { list = list.nestedUnkeyedContainer() }
      },
      { encoder in
        var list = encoder.unkeyedContainer()
        var stale: (any UnkeyedEncodingContainer)?
        try list.encode(Written { stale = $0.unkeyedContainer() })
        try stale?.encode(1)
      },
      { encoder in
        var list = encoder.unkeyedContainer()
        var other = list
        try list.encode(Written { _ in try other.encode(1) })
      },
    ]
    for conflict in conflicts {
      #expect(throws: EncodingError.self) { try PayloadFormat.encode(Written(write: conflict)) }
    }
  }

  @Test func errorsSayWhere() throws {
    struct Inner: Codable { var x: [Int8] }
    struct Outer: Codable { var rows: [[String: Inner]] }
    struct WideInner: Codable { var x: [Int] }
    struct WideOuter: Codable { var rows: [[String: WideInner]] }
    let bytes = try PayloadFormat.encode(WideOuter(rows: [[:], ["k": WideInner(x: [1, 1000])]]))
    do {
      _ = try PayloadFormat.decode(Outer.self, from: bytes)
      Issue.record("read a number that does not fit")
    } catch DecodingError.dataCorrupted(let context) {
      #expect(context.codingPath.map(\.stringValue) == ["rows", "Index 1", "k", "x", "Index 1"])
      #expect(context.codingPath.map(\.intValue) == [nil, 1, nil, nil, 1])
    }
    #expect(throws: DecodingError.self) { try PayloadFormat.decode(Abc.self, from: PayloadFormat.encode(["a": [1]])) }
  }

  @Test func aChainGoesAsDeepAsTheStackOfItsThread() {
    // 32 MiB, because unoptimised code takes 2.6 KiB a level; 512 KiB is what many systems give a secondary thread.
    let depths = [32 << 20, 512 << 10].map { byteCount in
      onThread(ofStack: byteCount) {
        let chain = Link.chain(of: 5_000)
        let copy = try? roundTrip(chain)
        defer { copy?.cut() }
        chain.cut()
        return copy?.count
      }
    }
    #expect(depths == [5_000, nil])
  }

  @Test func whatTheStackCannotHoldThrows() throws {
    let chain = Link.chain(of: 100_000)
    #expect(throws: EncodingError.self) { try PayloadFormat.encode(chain) }
    chain.cut()
    var tree = Tree.leaf
    for _ in 0..<1_000 { tree = .node(tree, 1, .leaf) }
    #expect(try roundTrip(tree) == tree)

    // Bytes of a list nested in lists: each level is eight bytes with the length of the rest.
    struct Lists: Codable {
      var inner: [Lists]
      init(from decoder: any Decoder) throws { inner = try [Lists](from: decoder) }
      func encode(to encoder: any Encoder) throws { try inner.encode(to: encoder) }
    }
    let levels = 200_000
    let bytes = (1...levels).flatMap { level in
      unsafe withUnsafeBytes(of: UInt64(0x21) | UInt64((levels - level) * 8) << 8) { unsafe Array($0) }
    }
    #expect(throws: DecodingError.self) { try PayloadFormat.decode(Lists.self, from: bytes) }
  }
}

/// The result of `body` on a new thread.
private func onThread<Result: Sendable>(ofStack byteCount: Int, _ body: @escaping @Sendable () -> Result?) -> Result? {
  let result = Mutex<Result?>(nil)
  let isDone = DispatchSemaphore(value: 0)
  let thread = Thread {
    let value = body()
    result.withLock { $0 = value }
    isDone.signal()
  }
  thread.stackSize = byteCount
  thread.start()
  isDone.wait()
  return result.withLock { $0 }
}
