import Foundation
import Imaging
import Testing

@Suite(.enabled(if: DrawnText.isPossible, textIsMissing))
struct TextImageTests {
  @Test(arguments: ["Latin, fi", "Ελληνικά", "a\nb", "."]) func inkLiesInsideThePicture(text: String) throws {
    let drawn = try DrawnText(text)
    #expect(drawn.alpha.contains(255))
    #expect(drawn.pixelHeight == 40)
    for edge in [drawn.row(0), drawn.row(drawn.height - 1)] { #expect(edge.allSatisfy { $0 == 0 }) }
    for edge in [drawn.column(0), drawn.column(drawn.width - 1)] { #expect(edge.allSatisfy { $0 == 0 }) }
  }

  @Test func lettersStandOnTheBaseline() throws {
    let drawn = try DrawnText("H")
    #expect(drawn.row(drawn.baseline - 2).contains(255))
    #expect(drawn.row(drawn.baseline + 1).allSatisfy { $0 == 0 })
  }

  @Test func plainLettersHaveTheColourOfTheStyle() throws {
    var style = TextStyle(pixelHeight: 40)
    style.color = TextColor(10, 200, 30)
    let drawn = try DrawnText("Hm", style)
    let inside = drawn.alpha.indices.filter { drawn.alpha[$0] == 255 }
    #expect(!inside.isEmpty)
    #expect(inside.allSatisfy { Array(drawn.color[$0 * 3..<$0 * 3 + 3]) == [10, 200, 30] })
  }

  @Test func outlineSurroundsTheLetters() throws {
    var style = TextStyle(pixelHeight: 40)
    let plain = try DrawnText("Hm", style)
    style.outline = .black
    let outlined = try DrawnText("Hm", style)
    #expect(outlined.width > plain.width && outlined.height > plain.height)
    #expect(outlined.color.contains(0) && outlined.color.contains(255))
  }

  @Test func typeShrinksUntilTheTextFits() throws {
    var style = TextStyle(pixelHeight: 40)
    (style.maxWidth, style.maxHeight) = (60, 300)
    let drawn = try DrawnText("Quite a long text", style)
    #expect((50...60).contains(drawn.width) && drawn.pixelHeight < 20)
  }

  @Test func textThatCannotFitIsAnError() {
    var style = TextStyle(pixelHeight: 40)
    style.maxWidth = 2
    #expect(throws: TextError.self) { try DrawnText("Quite a long text", style) }
  }

  @Test func linesLieBelowEachOther() throws {
    let (one, three) = (try DrawnText("H"), try DrawnText("H\nH\nH"))
    #expect(three.width == one.width && three.height > one.height * 2)
    #expect(three.baseline == one.baseline)
  }

  @Test func theSameTextIsTheSamePicture() throws {
    #expect(try DrawnText("© Ägypten\nعلى اليمين") == DrawnText("© Ägypten\nعلى اليمين"))
  }

  @Test func fontChangesThePicture() throws {
    let bold = TextStyle(pixelHeight: 40, font: "Sans Bold")
    #expect(try DrawnText("Ham", bold).width > DrawnText("Ham", TextStyle(pixelHeight: 40, font: "Sans")).width)
  }

  @Test func sizeInTheFontIsIgnored() throws {
    let styles = ["Sans", "Sans 99"].map { TextStyle(pixelHeight: 40, font: $0) }
    #expect(try DrawnText("Ham", styles[0]) == DrawnText("Ham", styles[1]))
  }

  @Test func callingProcessLoadsNoTextLibrary() throws {
    _ = try DrawnText("x")
    let mappings = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
    #expect(!mappings.contains("libpango") && !mappings.contains("libcairo"))
  }
}

/// Scripts whose letters depend on each other. A machine may lack a font for one: then it must be refused.
@Suite(.enabled(if: DrawnText.isPossible, textIsMissing))
struct ScriptTests {
  private func drawnOrRefused(_ text: String) throws -> DrawnText? {
    do {
      return try DrawnText(text)
    } catch TextError.undrawable {
      return nil
    }
  }

  @Test func arabicLettersJoin() throws {
    guard let letter = try drawnOrRefused("ب") else { return }
    // Apart, three of these letters are wider than three times the one; joined they are far narrower.
    #expect(try DrawnText("ببب").width < letter.width * 2)
    #expect(try DrawnText("ب ب ب").width > letter.width * 3)
  }

  @Test func hebrewRunsFromRightToLeft() throws {
    guard let word = try drawnOrRefused("אבג") else { return }
    #expect(try word == DrawnText("\u{202D}גבא\u{202C}"))
  }

  @Test func combiningMarkJoinsItsLetter() throws {
    #expect(try DrawnText("e\u{301}") == DrawnText("\u{E9}"))
  }

  @Test(arguments: ["中文", "日本", "한국", "क्षि", "😀", "👍🏽"])
  func whatNoFontHasIsRefusedAndAllElseDrawn(text: String) {
    switch Result(catching: { () throws(TextError) in try DrawnText(text) }) {
    case .success(let drawn): #expect(drawn.alpha.contains { $0 > 100 })
    case .failure(.undrawable(let scalars)):
      #expect(!scalars.isEmpty && Set(scalars).isSubset(of: text.unicodeScalars))
    case .failure(let error): Issue.record(error)
    }
  }

  @Test func refusalNamesTheCharacters() {
    #expect(throws: TextError.undrawable(["\u{10FFFD}", "\u{10FFFC}"])) {
      try DrawnText("a\u{10FFFD}b\u{10FFFC}\u{10FFFD}")
    }
    #expect("\(TextError.undrawable(["中"]))" == "no installed font has “中” (U+4E2D)")
    #expect("\(TextError.undrawable(Array("abcde".unicodeScalars)))".hasSuffix("“d” (U+0064) and others"))
  }
}

@Suite(.enabled(if: DrawnText.isPossible, textIsMissing))
struct BrokenTextTests {
  @Test(arguments: [
    ("", TextError.empty), ("  \n ", .blank), ("\u{200B}", .blank), ("a\0b", .controlCharacter("\0")),
    ("a\tb", .controlCharacter("\t")), ("a\r\nb", .controlCharacter("\r")), ("\u{85}", .controlCharacter("\u{85}")),
    (String(repeating: "a", count: 1001), .tooLong(scalarCount: 1001, limit: 1000)),
    (String(repeating: "e\u{301}", count: 5000), .tooLong(scalarCount: 10_000, limit: 1000)),
  ])
  func isRefused(text: String, error: TextError) {
    #expect(throws: error) { try DrawnText(text) }
  }

  @Test(arguments: ["W", "\n", "e\u{301}\u{302}", "\u{202E}a"])
  func longestTextIsDrawn(part: String) throws {
    let count = TextImage.scalarLimit / part.unicodeScalars.count - 1
    for pixelHeight in [500, 1e5] {
      let drawn = try DrawnText("W" + String(repeating: part, count: count), TextStyle(pixelHeight: pixelHeight))
      #expect((TextStyle.sideLimit * 9 / 10...TextStyle.sideLimit).contains(max(drawn.width, drawn.height)))
    }
  }

  @Test(arguments: [
    "No Such Family", "No Such Family, Nor This Bold 12",
  ])
  func unknownFamilyIsNamed(font: String) {
    do {
      _ = try DrawnText("x", TextStyle(pixelHeight: 20, font: font))
      Issue.record("drawn in another family")
    } catch {
      #expect("\(error)".hasPrefix("no font of No Such Family"))
    }
  }

  @Test func oneKnownFamilyIsEnough() throws {
    _ = try DrawnText("x", TextStyle(pixelHeight: 20, font: "No Such Family, Sans"))
  }

  @Test(arguments: ["Sans\0", "Sans\n", String(repeating: "x", count: 201)])
  func descriptionThatIsNoTextIsRefused(font: String) {
    #expect(throws: TextError.invalidFont) { try DrawnText("x", TextStyle(pixelHeight: 20, font: font)) }
  }

  @Test(arguments: ["", ",", "@", "Bold", "Sans 1e300", "Sans -5px", "Sans @wght=1e30", "%s%n", "Sans South", "'\"<x>"])
  func strangeDescriptionIsDrawnOrRefused(font: String) {
    switch Result(catching: { () throws(TextError) in try DrawnText("x", TextStyle(pixelHeight: 20, font: font)) }) {
    case .success(let drawn): #expect(drawn.height < 40)
    case .failure(.noFamily): break
    case .failure(let error): Issue.record(error)
    }
  }
}
