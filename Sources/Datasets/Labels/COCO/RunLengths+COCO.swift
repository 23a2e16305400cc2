package import Imaging

/// COCO's text of run lengths.
///
/// From the fourth on, a run is written as its difference from the one before the last: runs of neighbouring columns are
/// alike. A number takes characters of 6 bits behind `0`, of which 5 are its own, the lowest first, and the sixth
/// says that more follow. The highest bit of the last character is the sign.
extension RunLengths {
  private static let firstCharacter = UInt8(ascii: "0")
  private static let (valueMask, signBit, moreBit) = (0x1F, 0x10, 0x20)
  /// Wide enough for the pixels of any mask, and narrow enough for no sum to overflow.
  private static let bitLimit = 50

  /// Where a run's difference counts from.
  private static func base(_ counts: [Int], _ index: Int) -> Int { index > 2 ? counts[index - 2] : 0 }

  /// The runs that a text stands for; `nil` if it is none.
  package static func counts(compressed text: [UInt8]) -> [Int]? {
    var counts: [Int] = []
    var (number, shift) = (0, 0)
    for byte in text {
      guard firstCharacter..<firstCharacter + 64 ~= byte, shift < bitLimit else { return nil }
      let bits = Int(byte - firstCharacter)
      number |= (bits & valueMask) << shift
      shift += 5
      if bits & moreBit != 0 { continue }
      if bits & signBit != 0 { number |= -1 << shift }
      let count = number + base(counts, counts.count)
      guard 0..<1 << bitLimit ~= count else { return nil }
      counts.append(count)
      (number, shift) = (0, 0)
    }
    return shift == 0 ? counts : nil
  }

  /// The text of the runs.
  package var compressed: [UInt8] {
    var text: [UInt8] = []
    for (index, count) in counts.enumerated() {
      var rest = count - Self.base(counts, index)
      var isLast = false
      repeat {
        let bits = rest & Self.valueMask
        rest >>= 5
        isLast = rest == (bits & Self.signBit != 0 ? -1 : 0)
        text.append(Self.firstCharacter + UInt8(isLast ? bits : bits | Self.moreBit))
      } while !isLast
    }
    return text
  }
}
