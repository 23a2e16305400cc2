internal import Datasets

/// The shards that have not begun and those to begin again, cut into tasks as `Cluster/augment_cluster/pieces.py` does.
struct TaskQueue {
  /// Shards that one task does.
  struct Piece: Equatable {
    var shards: Range<Int>
    /// Failures so far.
    var attempts = 0
    /// Whether a second node was given the same.
    var isDuplicated = false
  }

  private var fresh: Range<Int>
  private let perTask: Int?
  private let nodes: Int
  private var again: [Piece] = []
  private var latest = LatestDurations()

  /// A task that is shorter pays too much for its start.
  private static let taskSeconds = 60.0
  /// With fewer, nodes have nothing to do at the end.
  private static let tasksPerNode = 20.0
  /// After these, a shard is given up.
  static let attempts = 4

  init(shards: Int, perTask: Int?, nodes: Int) { (fresh, self.perTask, self.nodes) = (0..<shards, perTask, nodes) }

  var isEmpty: Bool { fresh.isEmpty && again.isEmpty }

  mutating func next() -> Piece? {
    if !again.isEmpty { return again.removeFirst() }
    guard !fresh.isEmpty else { return nil }
    let end = fresh.lowerBound + min(size, fresh.count)
    defer { fresh = end..<fresh.upperBound }
    return Piece(shards: fresh.lowerBound..<end)
  }

  /// Takes back a task that failed. One that failed twice is split, so that one bad shard costs its neighbours nothing.
  mutating func putBack(_ failed: Piece) {
    let parts = failed.attempts > 1 ? failed.shards.map { $0..<$0 + 1 } : [failed.shards]
    again += parts.map { Piece(shards: $0, attempts: failed.attempts) }
  }

  mutating func end(_ piece: Piece, seconds: Double) { latest.add(seconds / Double(piece.shards.count)) }

  /// How long the task may take before a second node gets it; `nil` if it is not known yet how long tasks take.
  mutating func patience(for piece: Piece) -> Double? {
    guard latest.count >= 3, let usual = latest.median else { return nil }
    return max(1.5 * usual * Double(piece.shards.count), 5)
  }

  /// Shards of the next task.
  private var size: Int {
    mutating get {
      if let perTask { return perTask }
      guard let usual = latest.median else { return 1 }
      let most = min(Self.taskSeconds / max(usual, 1e-6), Double(fresh.count) / (Self.tasksPerNode * Double(nodes)))
      return max(1, Int(most))
    }
  }
}

/// Seconds for a shard in the latest tasks.
private struct LatestDurations {
  private var seconds: [Double] = []
  private var next = 0
  private var known: Double?

  var count: Int { seconds.count }

  mutating func add(_ value: Double) {
    if seconds.count < Self.most { seconds.append(value) } else { seconds[next] = value }
    (next, known) = ((next + 1) % Self.most, nil)
  }

  var median: Double? {
    mutating get {
      if known == nil && !seconds.isEmpty { known = seconds.median }
      return known
    }
  }

  private static let most = 99
}
