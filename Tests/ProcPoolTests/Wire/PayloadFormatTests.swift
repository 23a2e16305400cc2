import Foundation
import ProcPool
import Testing

/// Anything `Codable` comes back as it went in.
struct PayloadFormatTests {
  @Test func integersOfEveryWidthKeepTheirExtremes() throws {
    func check<Number: FixedWidthInteger & Codable>(_ type: Number.Type) throws {
      let numbers = [Number.min, .max, 0, 1, .max / 2, .min / 2, Number(clamping: -64), Number(clamping: -65)]
      try expectSame(numbers)
      for number in numbers { try expectSame(Field(number)) }
    }
    try check(Int.self)
    try check(Int8.self)
    try check(Int16.self)
    try check(Int32.self)
    try check(Int64.self)
    try check(Int128.self)
    try check(UInt.self)
    try check(UInt8.self)
    try check(UInt16.self)
    try check(UInt32.self)
    try check(UInt64.self)
    try check(UInt128.self)
  }

  @Test func floatingPointKeepsEveryBit() throws {
    for bits: UInt64 in [0x8000_0000_0000_0000, 0x7FF0_0000_0000_0001, 0xFFF8_0000_DEAD_BEEF, 1] {
      let number = Double(bitPattern: bits)
      #expect(try roundTrip(Field(number)).value.bitPattern == bits)
      #expect(try roundTrip([number])[0].bitPattern == bits)
    }
    for bits: UInt32 in [0x8000_0000, 0x7F80_0001, 0xFFC0_BEEF, 1] {
      #expect(try roundTrip(Field(Float(bitPattern: bits))).value.bitPattern == bits)
    }
    for bits: UInt16 in [0x8000, 0x7C01, 0xFE42, 1] {
      #expect(try roundTrip(Field(Float16(bitPattern: bits))).value.bitPattern == bits)
    }
  }

  @Test func noTextIsReserved() throws {
    let texts = ["$null", "", "\0", "a\0b", "\u{10FFFF}", "e\u{301}", "🧑‍🚀", String(repeating: "long ", count: 200_000)]
    for text in texts {
      try expectSame(text)
      try expectSame(Field(text))
      try expectSame([text: text])
    }
    #expect(Array(try roundTrip("e\u{301}").unicodeScalars).count == 2)
  }

  @Test func nilInAnOptionalIsNotNil() throws {
    try expectSame(Int?.none)
    try expectSame([Int??.none, .some(nil), .some(.some(3))])
    try expectSame([Int???.none, .some(nil), .some(.some(nil)), .some(.some(.some(3)))])
    try expectSame(["a": Int??.none, "b": .some(nil), "c": .some(.some(3))])
    for value in [Int??.none, .some(nil), .some(.some(3))] {
      try expectSame(Field(value))
      try expectSame(MaybeMember(value: value))
      try expectSame(OnlyValue(value: OnlyValue(value: value)))
    }
    try expectSame([OnlyValue?.some(OnlyValue(value: Int?.none)), nil])
  }

  @Test func aWrapperThatWritesAnOptionalMayAskForNilItself() throws {
    try expectSame([AskingWrapper(value: nil), AskingWrapper(value: 5)])
  }

  @Test func collectionsKeepTheirElements() throws {
    try expectSame([String: Int]())
    try expectSame([Int: String]())
    try expectSame([[Int]()])
    try expectSame([Int]())
    try expectSame([1: "one", -7: "minus seven"])
    try expectSame([1.5: "a", -0.25: "b"])
    try expectSame([Suit.hearts: 1, .spades: 2])
    try expectSame([Identifier(rawValue: "x"): 1, Identifier(rawValue: "$null"): 2])
    try expectSame(Set((0..<100).map { "\($0)" }))
    try expectSame(3..<9)
    try expectSame(1.5...2.5)
    try expectSame([true, false, true])
    try expectSame(ContiguousArray([1, 2, 300]))
    try expectSame(Dictionary(uniqueKeysWithValues: (0..<1000).map { ("key \($0)", [$0]) }))
  }

  @Test func foundationTypesKeepTheirValues() throws {
    try expectSame(Field(Date(timeIntervalSinceReferenceDate: 0.1 + 0.2)))
    try expectSame([try #require(URL(string: "https://example.org/a?b=c#d"))])
    try expectSame(try #require(URL(string: "c", relativeTo: URL(string: "https://example.org/a/b"))))
    try expectSame(UUID())
    try expectSame([Decimal(sign: .minus, exponent: -9, significand: 1_234_567_890_123_456_789), .nan])
    try expectSame(Data([0, 255, 3]))
    try expectSame(Field(Data()))
    try expectSame(Blob(name: "b", bytes: (0..<6_000_000).map { UInt8(truncatingIfNeeded: $0) }))
  }

  @Test func enumsClassesAndEmptyTypesKeepTheirShape() throws {
    try expectSame([Tree.leaf, .node(.node(.leaf, 1, .leaf), 2, .leaf), .pair(first: "a", second: nil)])
    try expectSame(Suit.allCases)
    try expectSame([Nothing(), Nothing()])
    try expectSame(Field(Nothing()))
    let dog = try roundTrip(Dog(name: "Rex", tricks: ["sit", "$null"]))
    #expect(dog.name == "Rex" && dog.tricks == ["sit", "$null"])
    let cat = try roundTrip(Cat(name: "Tom", lives: 9))
    #expect(cat.name == "Tom" && cat.lives == 9)
  }

  @Test func numbersConvertWhereTheyFit() throws {
    try expect([1, -128, 127], as: [Int8]([1, -128, 127]))
    try expect([UInt16]([1, 65_535]), as: [1.0, 65_535])
    try expect([0.1, .infinity], as: [Float(0.1), .infinity])
    try expect(Int8(5), as: UInt128(5))
    try expect(Int128.max, as: Double(Int128.max))
    try expect(Data([1, 2]), as: [1, 2])
    try expect(Set<UInt8>([7]), as: Data([7]))
    expectNone([128], as: [Int8].self)
    expectNone(-1, as: UInt.self)
    expectNone(1.5, as: Int.self)
    expectNone(1e9, as: Float16.self)
    expectNone(true, as: Int.self)
    expectNone(1, as: String.self)
    expectNone(Int?.none, as: Int.self)
  }

  private func expect<Value: Codable & Equatable>(_ value: some Encodable, as other: Value) throws {
    #expect(try PayloadFormat.decode(Value.self, from: PayloadFormat.encode(value)) == other)
  }

  private func expectNone(_ value: some Encodable, as type: (some Decodable).Type) {
    #expect(throws: DecodingError.self) { try PayloadFormat.decode(type, from: PayloadFormat.encode(value)) }
  }
}

func roundTrip<Value: Codable>(_ value: Value) throws -> Value {
  try PayloadFormat.decode(Value.self, from: PayloadFormat.encode(value))
}

func expectSame<Value: Codable & Equatable>(_ value: Value, _ at: SourceLocation = #_sourceLocation) throws {
  let result = try roundTrip(value)
  #expect(result == value, sourceLocation: at)
}
