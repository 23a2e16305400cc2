import Datasets
import Imaging
import TestSupport
import Testing

/// Plans of lists, which are never whole in the memory.
struct StreamedPlanTests {
  private struct Naming: OutputNaming {
    var outputsPerSource: Int

    func output(_ number: Int, of source: InputImage, _ names: OutputNames) -> OutputName {
      names.name(of: source, copy: number)
    }
  }

  /// Suspicions about images that come sorted.
  private func suspicions(_ paths: [String], _ template: String, copies: Int = 12) throws -> [String] {
    var streamed = StreamedNames(Naming(outputsPerSource: copies), OutputNames(try NameTemplate(template)))
    let images = paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { InputImage(path: $0, format: .jpeg) }
    return images.flatMap { streamed.add($0) }
  }

  @Test func equalNamesAreFoundInEveryFolder() throws {
    // The copies 10 and 11 of a are the copies 0 and 1 of a1.
    #expect(try Set(suspicions(["a1.jpg", "a.jpg"], "{stem}{copy}")) == ["a10.jpg", "a11.jpg"])
    #expect(try suspicions(["a.jpg", "a/x.jpg", "a/y.jpg", "b.jpg", "b/x.jpg"], "{stem}_{copy}").isEmpty)
    #expect(try suspicions(["x/a.jpg", "x/b/a.jpg", "x/c.jpg"], "same{copy}") != [])
    #expect(try suspicions(["x/a.jpg", "y/a.jpg"], "{stem}_{copy}").isEmpty)
  }

  /// The folder may come before the image or behind it, and may have the name of any copy.
  @Test(arguments: ["{stem}_{copy}", "{stem}-{copy:03}", "{stem}-{copy}x.{ext}", "{copy}{stem}"])
  func foldersWithTheNameOfACopyAreFound(template: String) throws {
    let names = OutputNames(try NameTemplate(template))
    for copy in 0..<12 {
      let name = names.name(of: InputImage(path: "y/a.jpg", format: .jpeg), copy: copy).path
      #expect(try suspicions(["x/b.jpg", "y/a.jpg", "\(name)/c/d.jpg"], template).isEmpty == false, "\(name)")
      #expect(try suspicions(["x/a.jpg", "y/b.jpg", "\(name)/c/d.jpg"], template).isEmpty, "\(name)")
    }
  }

  @Test(arguments: [
    ("{stem}_aug{copy:06}", true), ("pre{stem}-{copy}post", true), ("{stem}_{copy}.{ext}", true),
    ("{stem}_{copy}x.{ext}", true), ("{stem}{copy}", false), ("{stem}_0{copy}", false), ("{copy}_{stem}", false),
    ("{stem}_{copy}{ext}", false), ("{stem}", false), ("{stem}_{copy}_{stem}", false), ("{stem}_{ext}_{copy}", false),
  ])
  func templatesThatSeparateCopiesAreKnown(template: String, separates: Bool) throws {
    #expect(try NameTemplate(template).separatesCopies == separates)
  }

  /// Whoever says that names can be taken apart must be right.
  @Test func separatedNamesAreDifferent() throws {
    var generator = SeededGenerator(seed: 5)
    let letters = ["a", "1", "_", "aug", "0", ".", "-"]
    for template in ["{stem}_aug{copy:06}", "{stem}_{copy}", "x{stem}-{copy}.{ext}", "{stem}a{copy}1"] {
      let template = try NameTemplate(template)
      var owners: [String: String] = [:]
      for _ in 0..<2000 {
        let stem = (0..<4).map { _ in letters.randomElement(using: &generator) ?? "" }.joined()
        for copy in [0, 1, 10, 11, 100] {
          for ending in ["jpg", "png"] {
            let name = template.name(stem: stem, copy: copy, fileExtension: ending)
            let owner = "\(stem)|\(copy)|\(ending)"
            #expect(owners.updateValue(owner, forKey: name).map { $0 == owner } ?? true, "\(name)")
          }
        }
      }
    }
  }
}
