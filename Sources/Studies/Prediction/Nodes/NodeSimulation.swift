internal import Datasets
internal import Glibc
internal import HeapModule
internal import Imaging

/// A discrete-event simulation of nodes that do the shards of a run, on a virtual clock.
///
/// Who gets what follows the rules of `Cluster/augment_cluster/schedule.py`: the free node with the lowest number gets
/// the next task; when nothing waits, a task that takes too long is given to a second node, and the first to end counts.
/// A task computes and moves its bytes at the same time, and ends with the later of both. Deterministic: simultaneous
/// events happen in the order in which they were caused, and failures are drawn from a stream of the program's own.
package struct NodeSimulation {
  /// One attempt at a task; also what a node that has failed is believed to do.
  private struct Attempt {
    var number: Int
    var piece: TaskQueue.Piece
    /// Another node with the same task.
    var other: Int?
    var submitted: Double
    var begun = 0.0, computed = 0.0
    var isComputed = false, isStored = false
    var hasFailed = false
  }

  private struct Event: Comparable {
    enum Kind { case begin, failure, notice, look }
    let time: Double
    /// In the order of their causes.
    let number: Int
    let kind: Kind
    let node: Int
    /// The attempt that it is about; ignored if the node has another one now.
    let attempt: Int

    static func < (left: Event, right: Event) -> Bool { (left.time, left.number) < (right.time, right.number) }
    static func == (left: Event, right: Event) -> Bool { left.number == right.number }
  }

  private let cluster: SimulatedCluster
  private let work: NodeWork
  private var time = 0.0
  private var queue: TaskQueue
  private var idle: Heap<Int>
  private var attempts: [Attempt?]
  private var nodeOfAttempt: [Int: Int] = [:]
  private var events = Heap<Event>()
  private var causes = 0
  private var attemptCount = 0
  private var dispatcherIsFree = 0.0
  private var nextLook: Double?
  private var cores: SharedResource
  private var storage: SharedResource
  private var random: RandomStream
  private var result = SimulatedNodes()

  /// From a failure until the driver knows of it and the node is back: Dask's `worker-ttl`.
  private static let noticeSeconds = 300.0

  private init(_ work: NodeWork, on cluster: SimulatedCluster) {
    (self.work, self.cluster) = (work, cluster)
    queue = TaskQueue(shards: work.shards, perTask: work.shardsPerTask, nodes: cluster.nodes)
    idle = Heap(0..<cluster.nodes)
    attempts = Array(repeating: nil, count: cluster.nodes)
    let (shared, bandwidth) = (cluster.shared, cluster.storageBytesPerSecond ?? 0)
    cores = SharedResource { shared?.speed(working: $0) ?? 1 }
    storage = SharedResource { bandwidth / Double($0) }
    random = StreamKey(seed: 0, path: "nodes", copy: 0).stream(node: cluster.nodes)
  }

  /// Simulates the work from the plan to the close.
  /// - Throws: if a shard fails so often that the driver would give it up.
  package static func run(_ work: NodeWork, on cluster: SimulatedCluster) throws(StudyError) -> SimulatedNodes {
    var simulation = NodeSimulation(work, on: cluster)
    simulation.place()
    while !simulation.nodeOfAttempt.isEmpty || !simulation.queue.isEmpty { try simulation.advance() }
    return simulation.summary
  }

  private var summary: SimulatedNodes {
    var summary = result
    let nodes = Double(cluster.nodes)
    summary.seconds = time + work.aloneSeconds
    summary.spent[.plan] = nodes * work.aloneSeconds
    // Whatever a node has not been seen to do, it has waited for the others.
    let known = NodeTime.allCases.reduce(0) { $0 + summary.spent[$1, default: 0] }
    summary.spent[.tail, default: 0] += max(0, nodes * summary.seconds - known)
    let ideal = Double(work.images) * work.secondsPerImage
    summary.idealShare = summary.seconds > 0 ? ideal / (nodes * summary.seconds) : 1
    return summary
  }

  /// Goes to the next event, and does what follows from it.
  private mutating func advance() throws(StudyError) {
    let (event, computed, stored) = (events.min?.time ?? .infinity, cores.nextEnd, storage.nextEnd)
    time = min(event, computed, stored)
    cores.advance(to: time)
    storage.advance(to: time)
    if event <= time, let event = events.popMin() {
      try follow(event)
    } else if computed <= time, let number = cores.endNext() {
      end(number, \.isComputed)
    } else if let number = storage.endNext() {
      end(number, \.isStored)
    }
  }

  private mutating func follow(_ event: Event) throws(StudyError) {
    if event.kind == .look { return place() }
    guard let attempt = attempts[event.node], attempt.number == event.attempt else {
      // Somebody else has done the task of a node that was away.
      if event.kind == .notice { free(event.node) }
      return
    }
    switch event.kind {
    case .begin: begin(event.node)
    case .failure: fail(event.node)
    case .notice: try notice(event.node)
    case .look: break
    }
  }
}

/// Places.
extension NodeSimulation {
  private mutating func place() {
    while let node = idle.min {
      if let piece = queue.next() {
        submit(piece, to: node)
      } else if let late = lateNode() {
        attempts[late]?.piece.isDuplicated = true
        guard let attempt = attempts[late] else { return }
        submit(attempt.piece, to: node)
        attempts[late]?.other = node
        attempts[node]?.other = late
        result.duplicates += 1
      } else {
        return
      }
    }
  }

  /// A node whose task takes too long, the latest first; sets an alarm for the first that may become late.
  private mutating func lateNode() -> Int? {
    guard cluster.hasDuplicates else { return nil }
    var first: (time: Double, node: Int)?
    for (node, attempt) in attempts.enumerated() {
      guard let attempt, !attempt.piece.isDuplicated else { continue }
      guard let patience = queue.patience(for: attempt.piece) else { return nil }
      let late = attempt.submitted + patience
      if first.map({ late < $0.time }) ?? true { first = (late, node) }
    }
    guard let first, first.time > time else { return first?.node }
    if nextLook != first.time { cause(.look, at: first.time, node: first.node, attempt: -1) }
    nextLook = first.time
    return nil
  }

  private mutating func submit(_ piece: TaskQueue.Piece, to node: Int) {
    idle.removeMin()
    attempts[node] = Attempt(number: attemptCount, piece: piece, submitted: time)
    nodeOfAttempt[attemptCount] = node
    dispatcherIsFree = max(dispatcherIsFree, time) + cluster.dispatchSeconds
    cause(.begin, at: dispatcherIsFree, node: node, attempt: attemptCount)
    attemptCount += 1
  }

  private mutating func cause(_ kind: Event.Kind, at time: Double, node: Int, attempt: Int) {
    events.insert(Event(time: time, number: causes, kind: kind, node: node, attempt: attempt))
    causes += 1
  }

  private mutating func free(_ node: Int) {
    idle.insert(node)
    place()
  }
}

/// The life of an attempt.
extension NodeSimulation {
  private func images(_ piece: TaskQueue.Piece) -> Double {
    let (first, last) = (piece.shards.lowerBound, piece.shards.upperBound - 1)
    let end = ShardRange.images(of: last, among: work.shards, work.images).upperBound
    return Double(end - ShardRange.images(of: first, among: work.shards, work.images).lowerBound)
  }

  private func factor(_ node: Int) -> Double {
    cluster.slow.contains(node, of: cluster.nodes) ? cluster.slow.factor : 1
  }

  /// Seconds of a task on a node that is not slow, with the machine to itself.
  private func seconds(_ piece: TaskQueue.Piece) -> Double {
    cluster.startSeconds + images(piece) * work.secondsPerImage
  }

  private mutating func begin(_ node: Int) {
    attempts[node]?.begun = time
    guard let attempt = attempts[node] else { return }
    cores.begin(attempt.number, factor(node) * seconds(attempt.piece))
    if cluster.storageBytesPerSecond == nil {
      attempts[node]?.isStored = true
    } else {
      storage.begin(attempt.number, images(attempt.piece) * work.bytesPerImage)
    }
    guard cluster.failuresPerHour > 0 else { return }
    // Exponential, because a failure does not know how long the node has worked.
    let seconds = -3600 / cluster.failuresPerHour * log(1 - random.uniform())
    cause(.failure, at: time + seconds, node: node, attempt: attempt.number)
  }

  private mutating func end(_ number: Int, _ part: WritableKeyPath<Attempt, Bool>) {
    guard let node = nodeOfAttempt[number], attempts[node] != nil else { return }
    attempts[node]?[keyPath: part] = true
    if part == \Attempt.isComputed { attempts[node]?.computed = time }
    guard let attempt = attempts[node], attempt.isComputed, attempt.isStored else { return }
    count(attempt, by: node)
    queue.end(attempt.piece, seconds: time - attempt.begun)
    remove(node)
    idle.insert(node)
    if let other = attempt.other { cancel(other) }
    place()
  }

  /// Counts what the time of a task that is done went to.
  private mutating func count(_ attempt: Attempt, by node: Int) {
    let seconds = seconds(attempt.piece)
    let extra = (factor(node) - 1) * seconds
    result.tasks += 1
    spend(.dispatch, attempt.begun - attempt.submitted)
    spend(.start, cluster.startSeconds)
    spend(.slowNodes, extra)
    spend(.cpu, attempt.computed - attempt.begun - cluster.startSeconds - extra)
    spend(.storage, time - attempt.computed)
  }

  private mutating func spend(_ use: NodeTime, _ seconds: Double) { result.spent[use, default: 0] += seconds }

  /// Ends the attempt of a node whose task another has done.
  private mutating func cancel(_ node: Int) {
    guard let attempt = attempts[node] else { return }
    remove(node)
    // A node that has failed is away until that is noticed.
    guard !attempt.hasFailed else { return }
    spend(.tail, time - attempt.submitted)
    idle.insert(node)
  }

  private mutating func remove(_ node: Int) {
    guard let attempt = attempts[node] else { return }
    cores.leave(attempt.number)
    storage.leave(attempt.number)
    nodeOfAttempt[attempt.number] = nil
    attempts[node] = nil
  }

  /// The node and its work are lost, which the driver does not know yet.
  private mutating func fail(_ node: Int) {
    guard let attempt = attempts[node] else { return }
    cores.leave(attempt.number)
    storage.leave(attempt.number)
    attempts[node]?.hasFailed = true
    result.failures += 1
    spend(.failures, time - attempt.submitted + Self.noticeSeconds)
    cause(.notice, at: time + Self.noticeSeconds, node: node, attempt: attempt.number)
  }

  private mutating func notice(_ node: Int) throws(StudyError) {
    guard let attempt = attempts[node] else { return }
    remove(node)
    if let other = attempt.other {
      attempts[other]?.other = nil
    } else {
      var piece = attempt.piece
      piece.attempts += 1
      guard piece.attempts < TaskQueue.attempts else { throw givenUp(piece) }
      queue.putBack(piece)
    }
    free(node)
  }

  private func givenUp(_ piece: TaskQueue.Piece) -> StudyError {
    let minutes = NumberText.significant(seconds(piece) / 60)
    return StudyError(
      "simulated on \(NumberText.counted(cluster.nodes, "node")): a shard of \(minutes) minutes failed "
        + "\(TaskQueue.attempts) times, and the run would give it up; more shards make them shorter")
  }
}
