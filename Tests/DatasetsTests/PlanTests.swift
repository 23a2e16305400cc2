import Datasets
import Imaging
import Testing

/// Which tasks a run has, and which file comes of each.
struct PlanTests {
  private struct Copies: OutputNaming {
    var outputsPerSource = 2

    func output(_ number: Int, of source: InputImage, _ names: OutputNames) -> OutputName {
      names.name(of: source, copy: number)
    }
  }

  private func plan(_ paths: [String], name: String = "{stem}_{copy}", format: ImageFormat? = nil) throws -> Plan {
    let images = paths.map { InputImage(path: $0, format: $0.hasSuffix(".png") ? .png : .jpeg) }
    return try Plan(
      FolderListing(folder: "in", images: images), Copies(),
      OutputNames(NameTemplate(name), format: format.map { .image($0) }))
  }

  private func collision(
    _ paths: [String], name: String = "{stem}_{copy}", format: ImageFormat? = nil
  ) -> Plan.Collision? {
    #expect(throws: Plan.Collision.self) { try plan(paths, name: name, format: format) }
  }

  @Test func tasksOfAGridAreThoseOfItsImagesInOrder() {
    for (images, copies) in [(0, 3), (1, 1), (5, 1), (3, 4)] {
      let grid = TaskGrid(imageCount: images, tasksPerImage: copies)
      #expect((0..<images).flatMap { Array(grid.tasks(ofImage: $0)) } == Array(0..<grid.taskCount))
      for image in 0..<images {
        #expect(grid.tasks(ofImage: image).allSatisfy { grid.imageIndex(ofTask: $0) == image })
      }
    }
  }

  @Test func taskDeterminesItsImageAndItsFile() throws {
    let plan = try plan(["a.jpg", "sub/deep/b.png"])
    #expect(plan.grid == TaskGrid(imageCount: 2, tasksPerImage: 2) && plan.taskCount == 4)
    let paths = (0..<4).map { plan.outputPath(ofTask: $0) }
    #expect(paths == ["a_0.jpg", "a_1.jpg", "sub/deep/b_0.png", "sub/deep/b_1.png"])
    let last = try #require(plan.output(ofTask: 3))
    #expect(last.task == 3 && last.imageIndex == 1 && last.number == 1 && last.format == .image(.png))
    #expect(plan.image(ofTask: 3).path == "sub/deep/b.png" && plan.folders == ["", "sub/deep"])
  }

  @Test func equalNamesInTwoFoldersAreTwoFiles() throws {
    #expect(try plan(["a.jpg", "sub/a.jpg"]).taskCount == 4)
  }

  /// `String` takes the two for equal.
  @Test func twoEncodingsOfALetterAreTwoFiles() throws {
    #expect(try plan(["e\u{301}.jpg", "\u{E9}.jpg"]).taskCount == 4)
  }

  @Test func twoImagesOfOneNameCollide() throws {
    let error = try #require(collision(["a.jpg", "a.png"], format: .jpeg))
    #expect(error.first == "a.jpg" && error.second == "a.png" && error.output == "a_0.jpg")
    #expect(!error.isOfOneImage && !error.isFolder)
  }

  @Test func copiesOfOneNameCollide() throws {
    let error = try #require(collision(["a.jpg", "b.jpg"], name: "{stem}"))
    #expect(error.first == "a.jpg" && error.isOfOneImage && !error.isFolder)
  }

  @Test func copyCollidesWithTheFolderOfAnotherImage() throws {
    let error = try #require(collision(["a.jpg", "a_1.jpg/deep/b.jpg"]))
    #expect(error.first == "a_1.jpg/deep/b.jpg" && error.second == "a.jpg" && error.output == "a_1.jpg")
    #expect(error.isFolder && !error.isOfOneImage)
  }
}
