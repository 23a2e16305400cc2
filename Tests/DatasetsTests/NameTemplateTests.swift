import Datasets
import Foundation
import Imaging
import Testing

/// How users name copies.
struct NameTemplateTests {
  @Test(arguments: [
    ("{stem}_{copy:06}", "photo_000007.jpg"), ("{copy}{stem}", "7photo.jpg"), ("{stem}.{ext}.bak", "photo.jpg.bak"),
    ("{copy:01}", "7.jpg"), ("{ext}", "jpg"), ("fixed", "fixed.jpg"),
  ])
  func fieldsAreFilledInAndAMissingExtensionIsAppended(text: String, expected: String) throws {
    #expect(try NameTemplate(text).name(stem: "photo", copy: 7, fileExtension: "jpg") == expected)
  }

  @Test func numberWiderThanItsFieldIsWhole() throws {
    #expect(try NameTemplate("{copy:02}").name(stem: "", copy: 12345, fileExtension: "png") == "12345.png")
  }

  @Test(arguments: [
    "", "a/b", "{", "}", "{stem", "stem}", "{{stem}}", "{name}", "{ copy}", "{copy:}", "{copy:6}", "{copy:0}",
    "{copy:00}", "{copy:019}", "{copy:0-1}",
  ])
  func textThatIsNoTemplateIsRefused(text: String) {
    #expect(throws: NameTemplate.Invalid.self) { try NameTemplate(text) }
  }

  @Test func templateIsCodedAsItsText() throws {
    let templates = [try NameTemplate("{stem}-{copy:03}")]
    let data = try JSONEncoder().encode(templates)
    #expect(String(decoding: data, as: UTF8.self) == #"["{stem}-{copy:03}"]"#)
    #expect(try JSONDecoder().decode([NameTemplate].self, from: data) == templates)
    #expect(throws: (any Error).self) { try JSONDecoder().decode([NameTemplate].self, from: Data(#"["{"]"#.utf8)) }
  }

  @Test func copyLiesBesideItsSourceWithTheExtensionOfItsFormat() throws {
    let names = OutputNames(try NameTemplate("{stem}_{copy}"))
    let image = InputImage(path: "a/b/photo.JPG", format: .jpeg)
    #expect(names.name(of: image, copy: 2) == OutputName(path: "a/b/photo_2.JPG", format: .image(.jpeg)))
    let asPNG = OutputNames(names.template, format: .image(.png))
    #expect(asPNG.name(of: image, copy: 2) == OutputName(path: "a/b/photo_2.png", format: .image(.png)))
    // A wrong extension is kept as part of the name: there may be a photo.jpg beside it.
    let misnamed = InputImage(path: "photo.png", format: .jpeg)
    #expect(names.name(of: misnamed, copy: 2) == OutputName(path: "photo.png_2.jpg", format: .image(.jpeg)))
  }
}
