import Foundation
import ProcPool
import TestSupport
import Testing

/// Untrusted bytes give an error or a value, never a trap.
struct PayloadFuzzTests {
  struct Mixed: Codable, Equatable, Sendable {
    var id: Int
    var name: String
    var scores: [Double]
    var small: [UInt8]
    var maybe: [Int??]
    var named: [String: [String]]
    var numbered: [Int: Tree]
    var nested: [Field<String>]
    var url: URL?
    var amount: Decimal
    var data: Data
    var wide: [Int128]
  }

  static let sample = Mixed(
    id: 70_000, name: "a name", scores: [1, .nan, 3], small: [1, 2, 3], maybe: [1, nil, .some(nil)],
    named: Dictionary(uniqueKeysWithValues: (0..<20).map { ("key \($0)", ["v"]) }),
    numbered: [5: .node(.leaf, 7, .leaf), 6: .pair(first: "x", second: 2)], nested: [Field("y"), Field("$null")],
    url: URL(string: "https://example.org"), amount: 12.5, data: Data([9, 8]), wide: [.max])

  /// Few by default; 200,000 after a change of the format.
  private static var rounds: Int {
    ProcessInfo.processInfo.environment["PAYLOAD_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 2_000
  }

  @Test func mutatedBytesGiveAnErrorOrAValue() throws {
    let valid = try PayloadFormat.encode(Self.sample)
    var random = SeededGenerator(seed: 0x5EED)
    var values = 0
    for _ in 0..<Self.rounds {
      if (try? PayloadFormat.decode(Mixed.self, from: mutated(valid, &random))) != nil { values += 1 }
    }
    #expect(values < Self.rounds)
  }

  @Test func randomBytesGiveAnErrorOrAValue() {
    var random = SeededGenerator(seed: 0xBAD)
    let tags: [UInt8] = [0, 1, 2, 3, 4, 5, 0x13, 0x1C, 0x20, 0x21, 0x22, 0x23, 0x24, 0x40, 0x80]
    for _ in 0..<Self.rounds {
      let bytes = (0..<Int.random(in: 0..<64, using: &random)).map { _ in
        Bool.random(using: &random) ? tags.randomElement(using: &random) ?? 0 : .random(in: 0...255, using: &random)
      }
      _ = try? PayloadFormat.decode(Mixed.self, from: bytes)
      _ = try? PayloadFormat.decode([[String: Tree]].self, from: bytes)
      _ = try? PayloadFormat.decode([String: [Double?]?].self, from: bytes)
      _ = try? PayloadFormat.decode(Tree.self, from: bytes)
      _ = try? PayloadFormat.decode([[UInt8]].self, from: bytes)
    }
  }

  @Test func everyCutIsAnError() throws {
    let valid = try PayloadFormat.encode(Self.sample)
    for count in 0..<valid.count {
      #expect(throws: DecodingError.self) { try PayloadFormat.decode(Mixed.self, from: Array(valid.prefix(count))) }
    }
    #expect(throws: DecodingError.self) { try PayloadFormat.decode(Mixed.self, from: valid + [0]) }
  }

  @Test func aDecoderThatOutlivesItsBytesFindsNothing() throws {
    struct Keeper: Decodable {
      let decoder: any Decoder
      init(from decoder: any Decoder) throws { self.decoder = decoder }
    }
    let keeper = try PayloadFormat.decode(Keeper.self, from: PayloadFormat.encode([1, 2, 3]))
    #expect(throws: DecodingError.self) { try [Int](from: keeper.decoder) }
  }

  private func mutated(_ valid: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = valid
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[at] = .random(in: 0...255, using: &random)
      case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes[at] = [0, 4, 0x21, 0x22, 0x23, 0x24, 0xFF].randomElement(using: &random) ?? 0
      case 3 where bytes.count > 8: bytes.removeSubrange(at..<min(at + 3, bytes.count))
      case 4: bytes.insert(contentsOf: bytes[at..<min(at + 9, bytes.count)], at: at)
      default: bytes[at] &+= 1
      }
    }
    return bytes
  }
}
