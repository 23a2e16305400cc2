import Datasets
import Foundation
import Imaging
import Platform
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: Program.find("gnuplot") != nil, "gnuplot is not installed"))
struct DatasetChartsTests {
  /// - Parameter name: of the class.
  private static func statistics(_ name: String, objects: Int = 3, path: String = "set") -> DatasetStatistics {
    var counter = LabelCounter(classNames: [name])
    let box = Box(Vertex(1, 1), Vertex(9, 5))
    let labels = LabelledImage(
      stemPath: "a", objects: Array(repeating: LabelledObject(name, box), count: objects))
    let size = ImageSize(width: 40, height: 30)
    counter.add(labels, path: "a.jpg", size: size)
    var statistics = DatasetStatistics(
      path: path, images: ImageStatistics([ImageFacts(path: "a.jpg", format: .jpeg, size: size)]))
    statistics.labels = counter.statistics(format: "made up")
    return statistics
  }

  private static func charts(_ statistics: DatasetStatistics) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    try DatasetCharts(statistics).write(to: "\(folder.path)/charts.png")
    return [UInt8](try Data(contentsOf: folder.url.appending(path: "charts.png")))
  }

  @Test func theChartsAreAnImageAndTheSameEachTime() throws {
    let first = try Self.charts(Self.statistics("cat"))
    var decoder = ImageDecoder()
    var image = Image()
    _ = try decoder.decode(first, into: &image)
    #expect(image.color.shape.size == ImageSize(width: 1680, height: 1000))
    #expect(try Self.charts(Self.statistics("cat")) == first)
    #expect(try Self.charts(Self.statistics("cat", objects: 4)) != first)
  }

  @Test(arguments: ["", "it's", "'; system 'touch x", "\\n\"`id`", "a\nb", "\u{10FFFF}", "{/Bold x}", "EOD"])
  func anyNameCanBeDrawn(name: String) throws {
    #expect(try !Self.charts(Self.statistics(name, path: name)).isEmpty)
  }

  @Test func aSetWithoutAnythingHasChartsToo() throws {
    let nothing = DatasetStatistics(path: "set", images: ImageStatistics([]))
    #expect(try !Self.charts(nothing).isEmpty)
    var unlabelled = nothing
    unlabelled.labels = LabelCounter(classNames: []).statistics(format: "made up")
    #expect(try !Self.charts(unlabelled).isEmpty)
  }
}
