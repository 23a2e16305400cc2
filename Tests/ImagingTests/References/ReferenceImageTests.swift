import Foundation
import Imaging
import TestSupport
import Testing

/// Which other images a pipeline takes, and which of them is drawn.
struct ReferenceImageTests {
  private static let shape = ImageShape(width: 40, height: 30, channels: 3)

  private static func flat(_ color: [UInt8], width: Int = 20, height: Int = 10) -> ReferencePixels {
    let shape = ImageShape(width: width, height: height, channels: 3)
    return ReferencePixels(Picture.of(shape, (0..<width * height).flatMap { _ in color }))
  }

  private func stream(_ number: Int) -> RandomStream { StreamKey(seed: 3, path: "r", copy: number).stream(node: 0) }

  @Test func withoutImagesATransformSaysWhy() {
    #expect(FDA().reasonToSkip(Self.shape) == "it has no reference images")
    var transform = FDA()
    transform.references.library = Variants.references
    #expect(transform.reasonToSkip(Self.shape) == nil)
  }

  @Test func filesNameTheirImagesInThreeWays() throws {
    func names(_ value: String) throws -> [[String]] {
      try Pipeline(text: "[{\"__class_fullname__\": \"FDA\", \"reference_images\": \(value)}]", file: "p")
        .referenceNames
    }
    #expect(try names("null") == [[]] && names("\"a b\"") == [["a b"]] && names("[\"a\", \"b\"]") == [["a", "b"]])
    #expect(throws: PipelineError.self) { try names("[1]") }
    #expect(throws: PipelineError.self) { try names("{\"a\": 1}") }
  }

  @Test func anyNameComesBackFromAWrittenPipeline() throws {
    var transform = HistogramMatching()
    transform.references.names = ["a \"b\"\\c", "tab\t\u{1}line\n", "é"]
    let again = try Pipeline(text: Pipeline(.transform(transform)).serialized, file: "p")
    #expect(again.referenceNames == [transform.references.names])
  }

  @Test func eachTransformGetsTheImagesThatItNames() throws {
    var (own, other) = (FDA(), HistogramMatching())
    (own.references.names, other.references.names) = (["x"], [])
    let pipeline = Pipeline(.compose([.oneOf([.transform(own), .transform(other)]), .transform(VerticalFlip())]))
    #expect(pipeline.referenceNames == [["x"], []] && pipeline.needingReferences == ["HistogramMatching"])
    let library = Variants.references
    let taking = pipeline.taking { $0 == ["x"] ? library : nil }
    #expect(taking.nodes.map(\.name) == pipeline.nodes.map(\.name))
    #expect(taking.nodes.map(\.number) == pipeline.nodes.map(\.number))
    #expect(taking == pipeline, "images are no part of a pipeline's text")
  }

  @Test func everyImageIsDrawnAndFoundAgainByItsPath() {
    var references = References()
    references.library = Variants.references
    var transform = OverlayElements()
    transform.references = references
    var counts: [Int: Int] = [:]
    for number in 0..<3000 {
      var random = stream(number)
      let drawn = transform.sample(for: Self.shape, using: &random)
      counts[drawn.reference.index, default: 0] += 1
      #expect(drawn.reference.path == "\(drawn.reference.index)")
    }
    #expect(counts.count == 3 && counts.values.allSatisfy { abs($0 - 1000) < 150 })
    #expect(Variants.references.index(of: ReferenceDraw(index: 0, path: "2")) == 2)
    #expect(Variants.references.index(of: ReferenceDraw(index: 9, path: "gone")) == nil)
  }

  @Test func anElementLiesInsideAndItsTransparentPixelsStayFree() throws {
    let (width, height) = (6, 4)
    let color = Picture.flat(ImageShape(width: width, height: height, channels: 3), 250)
    let alpha = Picture.of(ImageShape(width: width, height: height, channels: 1), (0..<24).map { $0 % 6 < 3 ? 0 : 255 })
    var transform = OverlayElements()
    transform.references.library = ReferenceLibrary([ReferencePixels(color, alpha: alpha)])
    let source = Picture.flat(Self.shape, 9)
    let drawn = OverlayElements.Drawn(reference: ReferenceDraw(index: 0, path: "0"), x: 34, y: 26)
    let result = try transform.applied(drawn, to: source)
    #expect(result.bytes.count { $0 == 250 } == 3 * 4 * 3)
    #expect(result[row: 29, column: 36] == [9, 9, 9] && result[row: 29, column: 37] == [250, 250, 250])
  }

  @Test func aMosaicShowsTheImageItselfWhereImagesAreTooFew() throws {
    var transform = Mosaic()
    transform.targetSize = ImageSize(width: 40, height: 40)
    transform.cellSize = ImageSize(width: 40, height: 40)
    let source = Picture.flat(Self.shape, 50)
    var random = stream(0)
    let alone = try transform.applied(to: source, using: &random)
    #expect(alone.bytes.allSatisfy { $0 == 50 })
    transform.references.library = ReferenceLibrary([Self.flat([200, 0, 0]), Self.flat([0, 200, 0])])
    var shown: Set<[UInt8]> = []
    let two = try transform.applied(to: source, using: &random)
    for row in [0, 39] { for column in [0, 39] { shown.insert(two[row: row, column: column]) } }
    #expect(shown == [[50, 50, 50], [200, 0, 0], [0, 200, 0]])
  }

  @Test func sharesOfAMixtureAreDistributedAsTheyShould() {
    var transform = MixUp()
    transform.references.library = Variants.references
    for alpha in [0.2, 0.4, 1] {
      transform.alpha = alpha
      let shares = (0..<20_000).map { number in
        var random = stream(number)
        return transform.sample(for: Self.shape, using: &random).share
      }
      let mean = shares.reduce(0, +) / 20_000
      let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
      #expect(abs(mean - 0.5) < 0.02 && abs(variance - 1 / (8 * alpha + 4)) < 0.005, "\(alpha): \(mean), \(variance)")
    }
  }

  @Test func aSizeThatHasLargePrimeFactorsIsTransformedAsExactly() throws {
    // 127 and 131 are prime, 128 is not; the border of the larger image changes little in the middle.
    for (width, height) in [(127, 131), (131, 128)] {
      let shape = ImageShape(width: width, height: height, channels: 3)
      let source = Picture.noise(shape, seed: 3)
      var transform = FDA()
      transform.references.library = ReferenceLibrary([try ReferencePixels(copying: source)])
      let drawn = FDA.Drawn(reference: ReferenceDraw(index: 0, path: "0"), beta: 0.5)
      let result = try transform.applied(drawn, to: source)
      let worst = zip(result.bytes, source.bytes).map { abs(Int($0) - Int($1)) }.max()
      #expect(worst ?? 9 <= 1, "its own amplitudes change nothing")
    }
  }
}
