import Datasets
import Imaging
import Testing

struct LabelStatisticsTests {
  private static let size = ImageSize(width: 200, height: 100)

  private static func object(_ name: String, _ box: [Double]) -> LabelledObject {
    LabelledObject(name, Box(Vertex(box[0], box[1]), Vertex(box[2], box[3])))
  }

  private static func statistics(_ images: [[LabelledObject]], classNames: [String] = []) -> LabelStatistics {
    var counter = LabelCounter(classNames: classNames)
    for (index, objects) in images.enumerated() {
      counter.add(LabelledImage(stemPath: "\(index)", objects: objects), path: "\(index).jpg", size: size)
    }
    return counter.statistics(format: "made up")
  }

  @Test func objectsAndImagesOfAClassAreCounted() {
    let (a, b) = (Self.object("a", [0, 0, 10, 10]), Self.object("b", [0, 0, 10, 10]))
    let found = Self.statistics([[a, a, b], [], [b, b], [a]], classNames: ["unused", "a", "b"])
    #expect(found.format == "made up" && found.images == 4 && found.objects == 6)
    #expect(found.classes.map(\.name) == ["a", "b", "unused"])
    #expect(found.classes.map(\.objects) == [3, 3, 0])
    #expect(found.classes.map(\.images) == [2, 2, 0])
    #expect(found.objectsPerImage?.median == 1.5 && found.objectsPerImage?.maximum == 3)
    #expect(found.objectCounts.counts == [1, 1, 1, 1])
  }

  @Test func boxesAreMeasuredInPixelsAndAsSharesOfTheImage() throws {
    let found = Self.statistics([[Self.object("a", [0, 0, 100, 50]), Self.object("a", [0, 0, 20, 10])]])
    let area = try #require(found.area)
    #expect(area.maximum == 0.25 && area.minimum == 0.01)
    #expect(found.aspectRatio?.minimum == 2 && found.aspectRatio?.maximum == 2)
    #expect(found.width?.maximum == 100 && found.height?.minimum == 10)
    #expect((found.boxSizes.small, found.boxSizes.medium, found.boxSizes.large) == (1, 1, 0))
    #expect(found.areas.counts.reduce(0, +) == 2 && found.aspectRatios.counts.reduce(0, +) == 2)
  }

  @Test func sharesAreOfTheWidthAndTheHeight() {
    var half = Self.object("a", [0.25, 0.25, 0.75, 0.75])
    half.unit = .shares
    let found = Self.statistics([[half]])
    #expect(found.width?.median == 100 && found.height?.median == 50 && found.area?.median == 0.25)
  }

  @Test func centresAreCountedWhereTheyLie() {
    let found = Self.statistics([
      [Self.object("a", [0, 0, 2, 2]), Self.object("a", [198, 98, 200, 100]), Self.object("a", [190, 90, 260, 190])]
    ])
    #expect(found.centers.count == LabelStatistics.centerRows)
    #expect(found.centers.allSatisfy { $0.count == LabelStatistics.centerColumns })
    #expect(found.centers[0][0] == 1)
    #expect(found.centers.last?.last == 2, "one of them beyond the corner")
  }

  @Test(
    arguments: [
      ([0.0, 0, 200, 100], nil), ([-0.0001, 0, 10, 10], nil), ([-1, 0, 10, 10], .partlyOutside),
      ([190, 90, 201, 100], .partlyOutside), ([-20, 0, -1, 10], .outside), ([0, 100, 10, 110], .outside),
      ([5, 5, 5, 10], .empty), ([5, 5, 9, 5], .empty),
    ] as [([Double], LabelStatistics.StrayBox.Fault?)])
  func aBoxThatIsNotInsideIsTold(box: [Double], fault: LabelStatistics.StrayBox.Fault?) {
    let found = Self.statistics([[Self.object("fine", [1, 1, 2, 2]), Self.object("it", box)]])
    #expect(found.strayBoxes.map(\.fault) == [fault].compactMap(\.self))
    if let stray = found.strayBoxes.first {
      #expect((stray.image, stray.object, stray.className) == ("0.jpg", 2, "it"))
    }
  }

  @Test func kindsOfObjectsAreCounted() throws {
    var crowd = Self.object("a", [0, 0, 10, 10])
    crowd.isCrowd = true
    crowd.shape.outline = .mask(try #require(RunLengths(width: 1, height: 1, counts: [0, 1])))
    var difficult = Self.object("a", [0, 0, 10, 10])
    difficult.isDifficult = true
    difficult.shape.outline = .polygons([[Vertex(0, 0), Vertex(1, 0), Vertex(0, 1)]])
    difficult.shape.keypoints = [Keypoint(Vertex(1, 1))]
    let found = Self.statistics([[crowd, difficult, Self.object("a", [0, 0, 10, 10])]])
    #expect((found.crowds, found.difficult, found.withMasks) == (1, 1, 1))
    #expect((found.withPolygons, found.withKeypoints) == (1, 1))
  }

  @Test func noLabelsHaveNoDistributions() {
    let found = Self.statistics([])
    #expect(found.objectsPerImage == nil && found.area == nil && found.objects == 0 && found.classes.isEmpty)
  }
}
