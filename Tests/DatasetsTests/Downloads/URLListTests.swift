import Datasets
import Platform
import SystemPackage
import TestSupport
import Testing

struct URLListTests {
  @Test func blanksAndCommentsAreNoURLs() throws {
    let text = "\u{FEFF}# mine\r\n\r\nhttp://a/1.jpg\r\n  https://b/x?y=#z \n\t\n#http://c\nfile:///d"
    #expect(try URLList.lines(of: text, path: "list") == ["http://a/1.jpg", "https://b/x?y=#z", "file:///d"])
  }

  @Test(arguments: ["http://a\nfoo", "# no\n/etc/passwd", "http://a\nhttp://b c", "x\n://y", "x\n{n}://y"])
  func lineThatIsNoURLIsNamed(text: String) throws {
    let line = text.hasPrefix("x") ? 1 : 2
    let error = #expect(throws: URLList.Invalid.self) { try URLList.lines(of: text, path: "list") }
    #expect(try #require(error).description == "list:\(line): is not a URL")
  }

  @Test func fileThatIsNoListIsRefused() throws {
    let folder = try TemporaryFolder()
    for (name, bytes, reason) in [
      ("empty", [], "no URLs here"), ("comments", Array("# none\n".utf8), "no URLs here"),
      ("binary", [0x68, 0, 0x74], "is not a text file of URLs"), ("latin", [0xE9], "is not a text file of URLs"),
    ] as [(String, [UInt8], String)] {
      let path = "\(folder.path)/\(name)"
      try AtomicFile.write(bytes.span, to: FilePath(path))
      let error = #expect(throws: URLList.Invalid.self) { try URLList(path, seed: 0) }
      #expect(try #require(error).description == "\(path): \(reason)")
    }
    #expect(throws: URLList.Invalid.self) { try URLList("\(folder.path)/missing", seed: 0) }
  }

  @Test func listBeginsAgainAfterItsLastLine() throws {
    let list = URLList(["http://a", "http://b", "http://c"])
    #expect(list.count == 3 && (1...7).map { list[$0].last } == ["a", "b", "c", "a", "b", "c", "a"])
  }

  @Test func fieldsStandForTheNumberAndTheSeed() throws {
    let list = try URLList("https://host/{seed}/{n}/{n:06}.jpg?{n:03}", seed: 7)
    #expect(list.count == 1)
    #expect(list[12] == "https://host/7/12/000012.jpg?012" && list[1234567].contains("/1234567/1234567.jpg?1234567"))
    #expect(try URLList("https://picsum.photos/2000", seed: 0)[9] == "https://picsum.photos/2000")
  }

  @Test(arguments: [
    "http://a/{", "http://a/}", "http://a/{m}", "http://a/{n:6}", "http://a/{n:099}", "http://a/{n{n}}",
  ])
  func templateWithAnUnknownFieldIsRefused(url: String) {
    #expect(throws: URLList.Invalid.self) { try URLList(url, seed: 0) }
  }
}
