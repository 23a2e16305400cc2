package import Strategies

/// Nodes that take tasks from one queue, what they share, and what happens to them.
package struct SimulatedCluster: Hashable, Sendable {
  package var nodes: Int
  /// Seconds between the choice of a task and its start. One task after the other: the driver and its scheduler are one
  /// process each.
  package var dispatchSeconds = 0.0
  /// Seconds of a task before its first image.
  package var startSeconds = 0.0
  /// What all nodes together can read and write in a second; `nil`: as much as they ask for.
  package var storageBytesPerSecond: Double?
  /// Nodes that take longer for everything.
  package var slow = SlowNodes()
  /// Failures of a node in an hour of work.
  package var failuresPerHour = 0.0
  /// Whether a task that takes too long is given to a second node when nothing else waits.
  package var hasDuplicates = true
  /// The machine of nodes that are processes of one machine; `nil`: each node has its own.
  package var shared: SharedMachine?

  package init(nodes: Int) {
    precondition(nodes >= 1, "somebody works")
    self.nodes = nodes
  }

  /// Nodes that are slow, as a share of all, and how many times as long they take.
  package struct SlowNodes: Hashable, Sendable {
    package var share = 0.0, factor = 1.0

    package init(share: Double = 0, factor: Double = 1) {
      precondition((0...1).contains(share) && factor >= 1, "a share of the nodes takes longer")
      (self.share, self.factor) = (share, factor)
    }

    /// How many of `nodes` are slow, rounded.
    package func count(of nodes: Int) -> Int { Int((share * Double(nodes)).rounded()) }

    /// Whether the node with this number is slow. The slow ones are spread evenly, because low numbers get tasks first.
    func contains(_ node: Int, of nodes: Int) -> Bool {
      let count = count(of: nodes)
      return (node + 1) * count / nodes > node * count / nodes
    }
  }

  /// A machine whose cores all nodes share.
  package struct SharedMachine: Hashable, Sendable {
    package var machine: SimulatedMachine
    /// Ranks of each node.
    package var ranks: Int

    package init(_ machine: SimulatedMachine, ranks: Int) { (self.machine, self.ranks) = (machine, ranks) }

    /// Seconds of work that each of `working` nodes gets done in a second; 1 for one that works alone.
    func speed(working: Int) -> Double {
      machine.speed(running: working * ranks) / machine.speed(running: ranks)
    }
  }
}

/// The work of all nodes.
package struct NodeWork: Hashable, Sendable {
  package var images: Int
  package var shards: Int
  /// `nil`: as many as the driver of a Dask cluster would choose.
  package var shardsPerTask: Int?
  /// Seconds that a node needs for an image, with the machine to itself.
  package var secondsPerImage: Double
  /// Bytes read and written for an image.
  package var bytesPerImage = 0.0
  /// Seconds before the first task and after the last in which one process works alone: `plan` and `finalize`.
  package var aloneSeconds = 0.0

  package init(images: Int, shards: Int, secondsPerImage: Double) {
    precondition(images >= 1 && shards >= 1 && secondsPerImage >= 0, "there is something to do")
    (self.images, self.shards, self.secondsPerImage) = (images, shards, secondsPerImage)
  }
}

/// What the time of the nodes goes to: work, or what breaks when nodes or images become too many.
package enum NodeTime: String, CaseIterable, Sendable {
  /// The images themselves, with what shared cores slow each other.
  case cpu
  /// One process plans or closes the run, and the nodes have nothing to do.
  case plan
  /// The start of tasks.
  case start
  /// Waiting for the driver's next task.
  case dispatch
  /// Waiting for bytes.
  case storage
  /// What slow nodes take longer.
  case slowNodes = "slow-nodes"
  /// Work that is lost with a node, and the time until the node is back.
  case failures
  /// Waiting at the end for the last tasks, and second copies of them that were not needed.
  case tail
}

/// The result of a simulation.
package struct SimulatedNodes: Hashable, Sendable {
  /// From the plan to the close.
  package var seconds = 0.0
  package var tasks = 0, duplicates = 0, failures = 0
  /// Seconds by what they went to, summed over all nodes; together `seconds` × nodes.
  package var spent: [NodeTime: Double] = [:]
  /// What the images would take on nodes of which none is slow or ever waits / what they take.
  package var idealShare = 1.0

  package init() {}

  /// What breaks first: that which costs most besides work, if it is noticeable; otherwise the processors.
  package var limit: NodeTime {
    let total = NodeTime.allCases.reduce(0) { $0 + spent[$1, default: 0] }
    let others = NodeTime.allCases.filter { $0 != .cpu }
    guard let most = others.max(by: { spent[$0, default: 0] < spent[$1, default: 0] }) else { return .cpu }
    return spent[most, default: 0] > Self.noticeable * total ? most : .cpu
  }

  /// The share of the nodes' time from which on something limits them.
  package static let noticeable = 0.05
}
