/// One line of `nodes.csv`, which `experiments/cluster/nodes.py` writes to the folder of a run: one repetition of a job
/// in shards, by node processes on the machine of that run.
package struct MeasuredNodes: Hashable, Sendable {
  package static let fileName = "nodes.csv"

  /// Node processes, ranks of each, and the cores that all of them share.
  package var nodes = 1, ranks = 1, cores = 1
  package var widthPixels = 0, heightPixels = 0
  package var images = 1, copies = 1
  package var shards = 1
  /// Shards that one process does before the node starts the next.
  package var shardsPerTask = 1
  package var repetition = 1
  /// "ok", or why the time says nothing.
  package var outcome = "ok"
  /// From the start of the first task to the end of the last.
  package var wallSeconds = 0.0
  /// Of a task whose only image is tiny.
  package var startSeconds = 0.0
  package var processorSeconds = 0.0
  /// Processor time of everything else on the machine meanwhile.
  package var othersSeconds = 0.0
  /// Load average of the last minute, before the run.
  package var loadBefore = 0.0

  package init() {}

  package var isOversubscribed: Bool { nodes * ranks > cores }
}

extension MeasuredNodes: TableRow {
  package static let owner = "measurement of nodes"
  package static var blank: MeasuredNodes { MeasuredNodes() }

  package static var columns: [Column<MeasuredNodes>] {
    let (some, count) = (1...1_000_000, 1...1_000_000_000)
    return [
      Column("nodes", \.nodes, in: 1...RankList.limits.upperBound), Column("ranks", \.ranks, in: some),
      Column("cores", \.cores, in: some),
      Column("moreRanksThanCores", text: { $0.isOversubscribed ? "yes" : "no" }),
      Column("widthPixels", \.widthPixels), Column("heightPixels", \.heightPixels),
      Column("images", \.images, in: count), Column("copies", \.copies, in: count),
      Column("shards", \.shards, in: some), Column("shardsPerTask", \.shardsPerTask, in: some),
      Column("repetition", \.repetition, in: some), Column("outcome", \.outcome),
      Column("wallSeconds", \.wallSeconds, digits: 4), Column("startSeconds", \.startSeconds, digits: 4),
      Column("processorSeconds", \.processorSeconds, digits: 4),
      Column("othersSeconds", \.othersSeconds, digits: 4), Column("loadBefore", \.loadBefore, digits: 4),
    ]
  }

  package var isConsistent: Bool { outcome != "ok" || wallSeconds > 0 }
}
