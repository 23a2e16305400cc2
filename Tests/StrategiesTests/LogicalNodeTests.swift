import Datasets
import Strategies
import Testing

/// The division of a run between two nodes.
struct LogicalNodeTests {
  @Test(arguments: [1, 2, 3, 94, 95], [2, 3, 4, 8, 9])
  func halvesHaveEveryImageAndEveryRankOnce(images: Int, ranks: Int) {
    let grid = TaskGrid(imageCount: images, tasksPerImage: 3)
    let nodes = LogicalNode.two(of: grid, .init(strategy: Nodes.self, ranks: ranks))
    #expect(nodes.flatMap(\.images) == Array(0..<images))
    #expect(nodes.flatMap(\.ranks) == Array(0..<ranks))
    #expect(nodes.flatMap(\.tasks) == Array(0..<3 * images))
    #expect(nodes.map { $0.tasks.count == 3 * $0.images.count } == [true, true])
    #expect((0...1).contains(nodes[0].images.count - nodes[1].images.count))
    #expect((0...1).contains(nodes[0].ranks.count - nodes[1].ranks.count))
  }

  @Test func oneRankIsTooFewAndSaversThereAreNone() {
    #expect(Nodes.refusal(of: .init(strategy: Nodes.self, ranks: 1))?.contains("at least 2 ranks") == true)
    var how = RunDescription.How(strategy: Nodes.self, ranks: 4)
    #expect(Nodes.refusal(of: how) == nil)
    how.savers = 1
    #expect(Nodes.refusal(of: how)?.contains("no ranks that only save") == true)
  }
}
