import Imaging
import TestSupport
import Testing

extension InstructionSetTests {
  /// Tables are computed where they are a line or change bits; the bytes are those of the table. Within another suite,
  /// because a limit is the whole process's.
  struct LookupTests {
    private static let lines: [LookupTable] = {
      var tables: [LookupTable] = []
      for slope in [0, 0.01, 0.3, 0.777, 1, 1.1, 1.25, 2.9, 40, -0.5, -1, -3.3] {
        for offset in [-300.0, -20.4, 0, 0.5, 17, 128.7, 255, 400] {
          tables.append(LookupTable { line($0, slope, offset) })
        }
      }
      return tables
    }()

    private static func line(_ level: UInt8, _ slope: Double, _ offset: Double) -> UInt8 {
      let value = (Double(level) * slope + offset).rounded(.toNearestOrEven)
      return UInt8(min(max(value, 0), 255))
    }

    private static let masks: [UInt8] = [0, 1, 3, 15, 128, 240, 255]
    private static let thresholds: [UInt8] = [0, 1, 100, 255]
    private static let tables: [LookupTable] = {
      var tables = lines
      for mask in masks { tables.append(LookupTable { $0 & mask }) }
      for first in thresholds { tables.append(LookupTable { $0 >= first ? 255 - $0 : $0 }) }
      tables.append(LookupTable { UInt8(Int($0) * Int($0) / 255) })
      tables.append(LookupTable { $0 &* 73 })
      tables.append(LookupTable { $0 / 16 * 17 })
      return tables
    }()

    @Test(arguments: ImagingRuntime.InstructionSet.allCases)
    func everyTableGivesItsBytes(limit: ImagingRuntime.InstructionSet) throws {
      ImagingRuntime.limitInstructions(to: limit)
      defer { ImagingRuntime.limitInstructions(to: .best) }
      var result = PixelBuffer()
      for width in [1, 31, 64, 97, 200] {
        for channels in [1, 3] {
          let source = Picture.noise(ImageShape(width: width, height: 3, channels: channels))
          let bytes = source.bytes
          for table in Self.tables {
            try Operation.lookup(table).apply(to: source, into: &result)
            #expect(result.bytes == bytes.map { table.values[Int($0)] })
          }
        }
      }
    }

    @Test(arguments: ImagingRuntime.InstructionSet.allCases)
    func everyChannelHasItsTable(limit: ImagingRuntime.InstructionSet) throws {
      ImagingRuntime.limitInstructions(to: limit)
      defer { ImagingRuntime.limitInstructions(to: .best) }
      var result = PixelBuffer()
      let source = Picture.noise(ImageShape(width: 101, height: 3, channels: 3))
      let (bytes, count) = (source.bytes, Self.tables.count)
      for number in 0..<count {
        let three = LookupTable(
          channels: [number, (number + 1) % count, (number * 7 + 3) % count].map { Self.tables[$0] })
        try Operation.lookup(three).apply(to: source, into: &result)
        let expected = bytes.indices.map { three.values[256 * ($0 % 3) + Int(bytes[$0])] }
        #expect(result.bytes == expected)
      }
    }
  }
}
