import Foundation
import Imaging
import TestSupport
import Testing

/// Malicious files: each is refused at once, because its cost is bounded before it is incurred.
@Suite(.timeLimit(.minutes(1)))
struct HostilePipelineFileTests {
  private func reason(_ text: String) -> PipelineError.Reason? {
    do throws(PipelineError) {
      _ = try Pipeline(text: text, file: "p.yaml")
      return nil
    } catch {
      return error.reason
    }
  }

  @Test(arguments: ["[", "{a: ", "- ", "[{a: "])
  func depthIsBounded(opening: String) {
    #expect(reason(String(repeating: opening, count: 100_000)) == .tooDeep(limit: 64))
  }

  @Test func keyIsAText() {
    #expect(reason(String(repeating: "? ", count: 100_000)) == .syntax("a key must be a text"))
  }

  @Test func depthOfClosedListsIsBounded() {
    #expect(reason(String(repeating: "[", count: 900) + String(repeating: "]", count: 900)) == .tooDeep(limit: 64))
    #expect(
      reason((0..<900).map { String(repeating: " ", count: $0) + "a:\n" }.joined()) == .tooDeep(limit: 64))
  }

  @Test func numberOfValuesIsBounded() {
    #expect(reason(String(repeating: "- 1\n", count: 200_000)) == .tooManyValues(limit: 100_000))
    #expect(reason((0..<60_000).map { "k\($0): 1\nl\($0): []\n" }.joined()) == .tooManyValues(limit: 100_000))
  }

  /// Nine lines that would expand to 10⁹ values, as values or as keys of an object.
  @Test func expansionOfAliasesIsBounded() {
    for (first, opening, closing) in [("[x]", "[", "]"), ("{k: [x]}", "{<<: [", "]}")] {
      let bomb = (1..<10).map { level in
        let repeated = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
        return "a\(level): &a\(level) \(opening)\(repeated)\(closing)\n"
      }
      #expect(reason("a0: &a0 \(first)\n" + bomb.joined()) == .tooManyValues(limit: 100_000))
    }
  }

  @Test func depthOfAliasesIsBounded() {
    let steps = (1..<70).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }
    #expect(reason("a0: &a0 [x]\n" + steps.joined()) == .tooDeep(limit: 64))
  }

  @Test func aliasStandsForWhatCameBefore() {
    #expect(reason("- &a [*a]") == .unknownAnchor("a"))
    #expect(reason("- *a\n- &a 1") == .unknownAnchor("a"))
    // An alias where YAML allows none.
    for text in ["- \"x\n  # y\"\n- 'a\n # b': *a", "-\t*a", "- &a 1\n- !!str *a"] {
      guard case .syntax = reason(text) else {
        Issue.record("\(text.debugDescription) was read")
        continue
      }
    }
  }

  @Test func asteriskInACommentIsNoAlias() throws {
    let pipeline = try Pipeline(
      text: "# *important*: - *not an alias\n- __class_fullname__: NoOp  # *nor this\n", file: "p.yaml")
    #expect(pipeline.nodes.map(\.name) == ["Compose", "NoOp"])
  }

  /// Ten nested lists with replacement would take 10³⁰ steps on each copy.
  @Test func lengthOfADrawIsBounded() {
    let opening = "{__class_fullname__: SomeOf, n: 1000, replace: true, transforms: ["
    let text = String(repeating: opening, count: 10) + "{__class_fullname__: NoOp}" + String(repeating: "]}", count: 10)
    #expect(reason(text) == .tooLong(limit: 10_000))
    #expect(reason(opening + "{__class_fullname__: NoOp}]}") == nil)
  }

  /// As many as fit into a file, each with a name that is almost one of ours.
  @Test func manyUnknownClassesAreToldAtOnce() throws {
    let classes = (0..<25_000).map { "{\"__class_fullname__\": \"Rotate\($0)\"}" }
    let text = "[\(classes.joined(separator: ","))]"
    let description = try #require(reason(text)?.description)
    #expect(description.hasPrefix("unknown transform \"Rotate0\"; did you mean \"Rotate\"?"))
    #expect(description.hasSuffix("; and more"))
    let rest = try Pipeline(text: text, file: "p.yaml", reading: PipelineReading(skipsUnknown: true))
    #expect(rest.notes.count == 25_000)
  }

  @Test func manyValuesOfARecordedDrawAreReadAtOnce() {
    let values = (0..<90_000).map { "\"\(String($0, radix: 36))\":1" }.joined(separator: ",")
    let text = "{\"__class_fullname__\": \"HorizontalFlip\", \"applied\": true, \"params\": {\(values)}}"
    #expect(reason(text) == nil)
  }

  @Test func namesAreCutBeforeTheyAreShown() throws {
    let text = "{__class_fullname__: \"\(String(repeating: "x", count: 500_000))\"}"
    let shown = String(repeating: "x", count: 60)
    #expect(reason(text)?.description == "unknown transform \"\(shown)...\"")
    let key = "{__class_fullname__: NoOp, \"\(String(repeating: "y\u{202E}", count: 400))\": 1}"
    do throws(PipelineError) {
      _ = try Pipeline(text: key, file: "p\u{1B}.yaml")
      Issue.record("it was read")
    } catch {
      #expect(error.description.count < 500)
      #expect(error.description.hasPrefix("p\\u{1B}.yaml:1: y\\u{202E}y\\u{202E}"))
    }
  }

  // MARK: Files

  private func reason(ofBytes bytes: [UInt8]) throws -> PipelineError.Reason? {
    let folder = try TemporaryFolder()
    try Data(bytes).write(to: folder.url.appending(path: "p.json"))
    return reason(ofFile: folder.url.appending(path: "p.json").path)
  }

  private func reason(ofFile path: String) -> PipelineError.Reason? {
    do throws(PipelineError) {
      _ = try Pipeline(file: path)
      return nil
    } catch {
      #expect(error.file == path)
      return error.reason
    }
  }

  @Test func sizeIsBounded() throws {
    #expect(
      try reason(ofBytes: [UInt8](repeating: UInt8(ascii: " "), count: 10 << 20)) == .tooLarge(byteLimit: 1 << 20))
    #expect(reason(ofFile: "/dev/zero") == .tooLarge(byteLimit: 1 << 20))
  }

  @Test func bytesThatAreNoTextAreRefused() throws {
    #expect(try reason(ofBytes: []) == .empty)
    #expect(try reason(ofBytes: [0x5B, 0xFF, 0x5D]) == .notText)
    #expect(try reason(ofBytes: [0x5B, 0x00, 0x5D]) == .notText)
    #expect(try reason(ofBytes: [0xFF, 0xFE, 0x5B, 0x00]) == .notText)
    #expect(try reason(ofBytes: [0xEF, 0xBB, 0xBF, 0x5B, 0x5D]) == nil)
  }

  @Test func fileThatCannotBeReadIsNamed() throws {
    let folder = try TemporaryFolder()
    let missing = folder.url.appending(path: "missing.json").path
    #expect(reason(ofFile: missing) == .unreadable("No such file or directory"))
    #expect(reason(ofFile: folder.url.path) == .folder)
  }

  /// Every truncation and every change of one byte of a good file gives a pipeline or an error.
  @Test func bentFilesNeverCrash() throws {
    let good = [UInt8](Pipeline(.compose([.oneOf([.noOp(), .someOf([.noOp()], count: 1)])])).serialized.utf8)
    for index in good.indices {
      _ = reason(String(decoding: good[..<index], as: UTF8.self))
      for byte in "\"'{[]},:*&!|>%@#-\n\t 9\u{0}".utf8 {
        var bent = good
        bent[index] = byte
        _ = reason(String(decoding: bent, as: UTF8.self))
      }
    }
  }
}
