/// Keeps the highest bits of every value and clears the others. Grey and colour.
///
/// Source: Albumentations `Posterize`.
package struct Posterize: Transform {
  package struct Drawn: Codable, Sendable {
    /// Bits kept: one number for all channels, or one per channel.
    package var bits: [Int]

    package init(bits: [Int]) { self.bits = bits }
  }

  package static let summary = "Keeps the highest bits of every value and clears the others."
  package static let parameters: [Parameter<Posterize>] = [bits]

  /// Ranges of the number of bits kept: one for all channels, or one per channel.
  package var numBits = [4...4]

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(bits: numBits.map { random.integer($0) })
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? { always { $0.numBits = drawn.bits.map { .only($0) } } }

  /// One lookup table, or one per channel.
  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let tables = drawn.bits.map { bits in LookupTable { $0 & (UInt8.max << UInt8(8 - bits)) } }
    if tables.count == 1 { return .lookup(tables[0]) }
    guard tables.count == shape.channels else {
      return .inapplicable("num_bits has a range for each of three channels")
    }
    return .lookup(LookupTable(channels: tables))
  }

  private static let bits = Parameter<Posterize>(
    name: "num_bits", summary: "bits to keep: a number, a range, or a range for each of three channels",
    text: { root in
      let ranges = root.numBits.map { "[\($0.lowerBound), \($0.upperBound)]" }
      return ranges.count == 1 ? ranges[0] : "[\(ranges.joined(separator: ", "))]"
    }
  ) { value, root throws(ParameterError) in
    switch value.content {
    case .number:
      let bits = try value.integer(in: 1...7)
      root.numBits = [bits...bits]
    case .list(let ranges) where ranges.count == 3:
      var numBits: [ClosedRange<Int>] = []
      for range in ranges { numBits.append(try range.integers(in: 0...8, lowest: 0)) }
      root.numBits = numBits
    default: root.numBits = [try value.integers(in: 0...8, lowest: 0)]
    }
  }

  package var warnings: [String] { numBits.allSatisfy { $0 == 8...8 } ? ["of eight bits none is cleared"] : [] }
}
