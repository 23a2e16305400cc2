/// One line of `prediction-nodes.csv`: the simulated time of a run's work on a number of nodes, and the measured time of
/// as many node processes if there is one.
package struct PredictedNodes: Hashable, Sendable {
  package private(set) var kind: PredictedTime.Kind
  package var nodes: Int
  /// Of each node; of all nodes together in a validation, whose nodes are processes of one machine.
  package var cores: Int
  /// Of each node; their strategy, and the images of each and copies of each image.
  package var configuration: Configuration
  package var shards: Int
  /// Median; `nil` if it was not measured.
  package private(set) var measuredSeconds: Double?
  package var simulatedSeconds: Double
  /// Simulated seconds of one node / simulated seconds.
  package var simulatedSpeedup: Double
  /// What the images take on nodes that never wait / simulated seconds.
  package var simulatedIdealShare: Double
  package var limitedBy: NodeTime
  package var tasks: Int
  package var duplicates: Int
  package var failures: Int

  package init(
    _ configuration: Configuration, _ work: NodeWork, on place: Place, measuredSeconds: Double? = nil,
    _ simulated: SimulatedNodes, oneNode: SimulatedNodes
  ) {
    (kind, self.measuredSeconds) = (measuredSeconds == nil ? .prediction : .validation, measuredSeconds)
    (nodes, cores, self.configuration) = (place.nodes, place.cores, configuration)
    (self.configuration.images, shards) = (work.images, work.shards)
    (simulatedSeconds, simulatedIdealShare) = (simulated.seconds, simulated.idealShare)
    simulatedSpeedup = simulated.seconds > 0 ? oneNode.seconds / simulated.seconds : 1
    (limitedBy, tasks) = (simulated.limit, simulated.tasks)
    (duplicates, failures) = (simulated.duplicates, simulated.failures)
  }

  /// How many nodes there are, and the cores that each has, or that they share.
  package struct Place: Hashable, Sendable {
    package var nodes: Int
    package var cores: Int

    package init(nodes: Int, cores: Int) { (self.nodes, self.cores) = (nodes, cores) }
  }

  /// Simulated / measured − 1.
  package var error: Double? { measuredSeconds.map { simulatedSeconds / $0 - 1 } }

  package var simulatedEfficiency: Double { simulatedSpeedup / Double(nodes) }

  /// Whether nodes that share a machine have more ranks than it has cores.
  package var isOversubscribed: Bool { kind == .validation && nodes * configuration.ranks > cores }
}

extension PredictedNodes: TableRow {
  package static let owner = "prediction for nodes"

  package static var blank: PredictedNodes {
    let work = NodeWork(images: 1, shards: 1, secondsPerImage: 0)
    return PredictedNodes(
      StudyRow.blank.configuration, work, on: Place(nodes: 1, cores: 1), SimulatedNodes(), oneNode: SimulatedNodes())
  }

  package static var columns: [Column<PredictedNodes>] {
    let count = 0...1_000_000_000_000
    // A time of 0 would give an infinite speedup.
    let positive = Double.leastNonzeroMagnitude..<1e12
    return [
      Column("kind", \.kind), Column("job", \.configuration.job), Column("strategy", \.configuration.strategy),
      Column("nodes", \.nodes, in: 1...1_000_000), Column("cores", \.cores, in: 1...1_000_000),
      Column("ranks", \.configuration.ranks, in: 1...1_000_000), Column("saving", \.configuration.saving),
      Column("widthPixels", \.configuration.widthPixels, in: count),
      Column("heightPixels", \.configuration.heightPixels, in: count),
      Column("images", \.configuration.images, in: count), Column("copies", \.configuration.copies, in: count),
      Column("shards", \.shards, in: count), Column("measuredSeconds", \.measuredSeconds, in: positive),
      Column("simulatedSeconds", \.simulatedSeconds, in: positive),
      Column("simulatedSpeedup", \.simulatedSpeedup, in: positive),
      Column("simulatedEfficiency", text: { NumberText.fixed($0.simulatedEfficiency, 6) }),
      Column("simulatedIdealShare", \.simulatedIdealShare, in: 0..<1e6), Column("limitedBy", \.limitedBy),
      Column("tasks", \.tasks, in: count), Column("duplicates", \.duplicates, in: count),
      Column("failures", \.failures, in: count),
      Column("errorPercent", text: { $0.error.map { NumberText.fixed(100 * $0, 2) } ?? "" }),
    ]
  }

  package var isConsistent: Bool { (kind == .validation) == (measuredSeconds != nil) }
}
