package import Datasets
package import Jobs
internal import Platform
internal import ProcPool

/// Two logical nodes: each owns half of the images and half of the ranks, and neither helps the other. The
/// "distributed" configuration of the original study of preprocessing.
///
///     main:    numbers of the first half  ──▶ ranks of node 1 ──▶ reports
///              numbers of the second half ──▶ ranks of node 2 ──▶ reports
///     rank:    read ─ decode ─ transform ─ encode ─ write
///
/// The nodes are two groups of workers of one pool, so a death is survived and a signal obeyed as in any run, and what
/// is measured is the cost of a static division: the run takes as long as the slower half. Each node reports how many
/// images it had and how long it took.
package struct Nodes: SimulatedStrategy {
  package static let name = "nodes"
  package static let summary = "two groups of ranks, each with its own half of the images"

  package static func refusal(of how: RunDescription.How) -> String? {
    how.ranks < 2 ? "the strategy \(name) needs at least 2 ranks: one for each node" : refusalOfSavers(in: how)
  }

  package static func virtualSchedule(_ grid: TaskGrid, _ how: RunDescription.How) -> any VirtualSchedule {
    VirtualNodes(LogicalNode.two(of: grid, how))
  }

  private let how: RunDescription.How
  private let control: RunControl

  package init(_ how: RunDescription.How, _ control: RunControl) { (self.how, self.control) = (how, control) }

  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let unfinished = UnfinishedTasks(of: run)
    defer { unfinished.removeTemporaryFiles() }
    let nodes = LogicalNode.two(of: run.plan.grid, how)
    let givenUp = try GivenUpImages(run.plan.grid)
    let runner = try TaskRunner(run, how, givenUp: givenUp)  // inherited by fork: each worker has its own copy
    let begin = Clock.nanoseconds
    var ends = [begin, begin]
    let options = how.pool(Self.roles(how), control)
    try Pool.with(options, initializer: runner.beginWorker, body: { runner.make($0).payload }) { pool in
      let outcomes = try nodes.map { node in
        try pool.imapUnordered(
          node.tasks.lazy.map { unfinished.begin($0) }, chunkSize: .fixed(node.tasksPerMessage),
          window: RunDescription.How.window, timeout: how.guards.imageSeconds, ranks: node.ranks)
      }
      try Self.follow(outcomes) { node, outcome in
        let task = nodes[node].tasks.lowerBound + outcome.index
        let report = unfinished.end(task, outcome.result)
        givenUp.note(task, report)
        ends[node] = report.spans.reduce(ends[node]) { max($0, $1.end) }
        try each(task, report)
      }
    }
    control.onNodes?(zip(nodes, ends).map { NodeReport(images: $0.images.count, seconds: Double($1 - begin) * 1e-9) })
  }

  /// Takes the outcomes of all nodes in turn. A wait for one of them lets the whole pool go on; it is short, because the
  /// others' outcomes are taken only after it.
  private static func follow(
    _ outcomes: [UnorderedResults<Int, [UInt8]>], _ take: (_ node: Int, TaskOutcome<[UInt8]>) throws -> Void
  ) throws {
    var unfinished = Array(outcomes.indices)
    var seconds: Double? = 0  // the first round only hands out work
    while !unfinished.isEmpty {
      unfinished = try unfinished.filter { node in
        try !takeArrived(outcomes[node], within: seconds) { try take(node, $0) }
      }
      seconds = unfinished.count > 1 ? secondsPerNode : nil
    }
  }

  private static let secondsPerNode = 0.01

  /// Waits for an outcome, at most `seconds`, and takes those that have arrived.
  /// - Returns: whether there are no more.
  private static func takeArrived(
    _ outcomes: UnorderedResults<Int, [UInt8]>, within seconds: Double?, _ take: (TaskOutcome<[UInt8]>) throws -> Void
  ) throws -> Bool {
    var seconds = seconds
    for _ in 0..<RunDescription.How.window {
      switch try outcomes.arrival(within: seconds) {
      case .outcome(let outcome): try take(outcome)
      case .nothingYet: return false
      case .end: return true
      }
      seconds = 0
    }
    return false
  }
}

/// What one of the logical nodes did.
package struct NodeReport: Codable, Hashable, Sendable {
  /// Number of images in its half.
  package var images: Int
  /// From the start of the run to the end of the node's last task.
  package var seconds: Double
}

/// Part of the images, and the ranks that work on it.
package struct LogicalNode: Hashable, Sendable {
  package var images: Range<Int>
  package var tasks: Range<Int>
  package var ranks: Range<Int>
  var tasksPerMessage: Int

  /// The two halves. If the images or the ranks are odd in number, the first has one more.
  package static func two(of grid: TaskGrid, _ how: RunDescription.How) -> [LogicalNode] {
    let (images, ranks) = ((grid.imageCount + 1) / 2, (how.ranks + 1) / 2)
    return [
      LogicalNode(0..<images, 0..<ranks, grid, how),
      LogicalNode(images..<grid.imageCount, ranks..<how.ranks, grid, how),
    ]
  }

  private init(_ images: Range<Int>, _ ranks: Range<Int>, _ grid: TaskGrid, _ how: RunDescription.How) {
    (self.images, self.ranks) = (images, ranks)
    tasks = images.lowerBound * grid.tasksPerImage..<images.upperBound * grid.tasksPerImage
    let half = TaskGrid(imageCount: images.count, tasksPerImage: grid.tasksPerImage)
    tasksPerMessage = how.tasksPerMessage(half, workers: ranks.count)
  }
}

/// The decisions of the strategy for a simulation: each half has a list of its own.
private final class VirtualNodes: VirtualSchedule {
  private let schedules: [ListSchedule]

  init(_ nodes: [LogicalNode]) {
    schedules = nodes.map { ListSchedule($0.tasks, ranks: $0.ranks, chunkSize: $0.tasksPerMessage, start: .together) }
  }

  var ranks: [Int] { schedules.flatMap(\.ranks) }

  func next(for rank: Int) -> Supply<Work> {
    schedules.first { $0.ranks.contains(rank) }?.next(for: rank) ?? .end
  }

  func end(_ work: Work, by rank: Int) {}
}
