import Platform
import SystemPackage
import TestSupport
import Testing

/// Conversion of paths to text and back.
struct PathTextTests {
  @Test(arguments: [
    ("é/a b.jpg", Array("é/a b.jpg".utf8)), (#"x\xE9.jpg"#, Array("x".utf8) + [0xE9] + Array(".jpg".utf8)),
    (#"x\x5Cx41"#, Array(#"x\x41"#.utf8)), (#"a\b"#, Array(#"a\b"#.utf8)), (#"\xF0\x9F\x98"#, [0xF0, 0x9F, 0x98]),
    (#"\x0A"#, [0x0A]),
  ])
  func bytesHaveOneTextThatGivesThemBack(text: String, bytes: [UInt8]) {
    #expect(PathText.bytes(of: text) == bytes)
    // A control character is UTF-8 and may be escaped, but need not be.
    if text != #"\x0A"# { #expect(PathText.text(of: bytes) == text) }
  }

  @Test func anyBytesComeBack() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<2000 {
      let bytes = (0..<12).map { _ in
        Array(#"\xE9a"#.utf8 + [0xE9, 0xC3, 0xA9, 0xFF]).randomElement(using: &random) ?? 0
      }
      #expect(PathText.bytes(of: PathText.text(of: bytes)) == bytes)
      #expect(FilePath(text: FilePath(bytes: bytes).text).bytes == bytes)
    }
  }

  @Test func partsOfAPathAreBytes() {
    let path = FilePath(bytes: Array("in/".utf8) + [0xE9, 0x2E])
    #expect(path.folder == "in" && path.name == [0xE9, 0x2E] && FilePath("a").folder.isEmpty)
    #expect(path != FilePath(bytes: Array("in/".utf8) + [0xE8, 0x2E]))
    #expect(FilePath("B").precedes("a") && FilePath("a").precedes("a/b") && !FilePath("a").precedes("a"))
    #expect(FilePath("é") != FilePath("e\u{301}"))
  }
}
