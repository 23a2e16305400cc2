import Platform
import SystemPackage
import Testing

struct BuildIDTests {
  private static let number: [UInt8] = [0x0A] + Array(0x11...0x22) + [0xFF]

  /// The head of a file of two segments: a note of another owner and kind, and that of the linker.
  private static let head: [UInt8] = {
    var head: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1] + .init(repeating: 0, count: 58)
    head[32] = 64
    head[54] = 56
    head[56] = 2
    let notes = note("Go\0\0", 3, [1, 2, 3, 4]) + note("GNU\0", 1, [1, 2, 3]) + note("GNU\0", 3, number)
    for (kind, offset, size) in [(1, 0, 64), (4, 176, notes.count)] {
      var header = [UInt8](repeating: 0, count: 56)
      (header[0], header[8], header[32]) = (UInt8(kind), UInt8(offset), UInt8(size))
      head += header
    }
    return head + notes
  }()

  private static func note(_ owner: String, _ kind: UInt8, _ content: [UInt8]) -> [UInt8] {
    let padding = [UInt8](repeating: 0, count: -content.count & 3)
    let sizes = [UInt8(owner.utf8.count), 0, 0, 0, UInt8(content.count), 0, 0, 0]
    return sizes + [kind, 0, 0, 0] + owner.utf8 + content + padding
  }

  @Test func numberOfTheLinkerIsFoundAmongOtherNotes() {
    #expect(BuildID.number(in: Self.head) == "0a1112131415161718191a1b1c1d1e1f202122ff")
  }

  @Test func damagedHeadsHaveNoNumberOrAnother() {
    for count in Self.head.indices {
      let cut = BuildID.number(in: Array(Self.head[..<count]))
      #expect(cut == nil)
      for byte: UInt8 in [0, 0x7F, 0x80, 0xFF] {
        var changed = Self.head
        changed[count] = byte
        _ = BuildID.number(in: changed)
      }
    }
  }

  @Test func thisProgramHasOne() {
    #expect(BuildID.ofThisProgram.utf8.count >= 16 && BuildID.ofThisProgram.allSatisfy(\.isHexDigit))
  }
}
