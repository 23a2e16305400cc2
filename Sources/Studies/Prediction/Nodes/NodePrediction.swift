internal import Datasets
internal import OrderedCollections
internal import ProcPool
package import Strategies

/// Simulated times of a run's work on many nodes, and of the node processes that were measured on its machine, which
/// validate the simulation.
package struct NodePrediction: Sendable {
  package static let fileName = "prediction-nodes.csv"

  /// Measured node processes, simulated on the machine that they share.
  package var validation: [PredictedNodes]
  /// Nodes with machines of their own.
  package var predicted: [PredictedNodes]

  /// What to simulate.
  package struct Target {
    package var images: Int
    package var shards: Int
    /// `nil`: as many as the driver of a Dask cluster would choose.
    package var shardsPerTask: Int?
    package var strategy: any SimulatedStrategy.Type = Adaptive.self
    /// The machine of each node.
    package var machine = Prediction.Target(cores: 1)
    package var ranks = 1
    /// Seconds that `plan` and `finalize` take for an image.
    package var aloneSecondsPerImage = 0.0
    /// All but the number of nodes.
    package var cluster = SimulatedCluster(nodes: 1)

    package init(images: Int, shards: Int) { (self.images, self.shards) = (images, shards) }
  }

  /// Simulates the measured node processes of a run, and the images of `target` on each number of nodes.
  package init(_ calibration: Calibration, on target: Target, nodes: [Int], measured: [MeasuredNodes])
    throws(StudyError)
  {
    let images = try NodeImages(calibration)
    (validation, predicted) = ([], [])
    let runs = OrderedDictionary(grouping: measured.filter { $0.outcome == "ok" }, by: \.cell)
    for rows in runs.values { validation.append(try Self.validate(rows, images, strategy: target.strategy)) }
    predicted = try Self.predict(target, images, nodes: nodes)
  }

  /// Reads a `prediction-nodes.csv`.
  package init(text: String, path: String) throws(StudyError) {
    guard !text.isEmpty else { throw StudyError("\(path): there is no prediction in it") }
    let times = try PredictedNodes.rows(text: text, path: path)
    validation = times.filter { $0.kind == .validation }
    predicted = times.filter { $0.kind == .prediction }
  }

  /// The content of `prediction-nodes.csv`.
  package var text: String { PredictedNodes.text(validation + predicted) }

  /// The rows of a run's `nodes.csv`; none if there is no such file.
  package static func measured(in run: String) throws(StudyError) -> [MeasuredNodes] {
    let files = RunFolder(run)
    guard let text = try files.text(MeasuredNodes.fileName), !text.isEmpty else { return [] }
    return try MeasuredNodes.rows(text: text, path: files.file(MeasuredNodes.fileName))
  }

  private static func predict(_ target: Target, _ images: NodeImages, nodes: [Int]) throws(StudyError)
    -> [PredictedNodes]
  {
    let machine = images.calibration.machine(target.machine, hasContention: true)
    let work = try images.work(
      target.images, in: target.shards, target.strategy, ranks: target.ranks, on: machine,
      aloneSeconds: Double(target.images) * target.aloneSecondsPerImage, perTask: target.shardsPerTask)
    let configuration = images.configuration(target.strategy, ranks: target.ranks)
    var cluster = target.cluster
    cluster.nodes = 1
    let oneNode = try NodeSimulation.run(work, on: cluster)
    var predicted: [PredictedNodes] = []
    for nodes in nodes {
      cluster.nodes = nodes
      predicted.append(
        PredictedNodes(
          configuration, work, on: .init(nodes: nodes, cores: machine.cores),
          try NodeSimulation.run(work, on: cluster), oneNode: oneNode))
    }
    return predicted
  }

  /// The repetitions of one measurement, simulated on the cores that its node processes shared.
  private static func validate(
    _ rows: [MeasuredNodes], _ images: NodeImages, strategy: any SimulatedStrategy.Type
  ) throws(StudyError) -> PredictedNodes {
    let row = rows[0]
    guard row.isOfSameImages(as: images.baseline.configuration) else {
      throw StudyError(
        "\(images.folder)/\(MeasuredNodes.fileName): its images or their copies are not those of the run beside it")
    }
    let machine = images.calibration.machine(.init(cores: row.cores), hasContention: true)
    let work = try images.work(
      row.images, in: row.shards, strategy, ranks: row.ranks, on: machine, aloneSeconds: 0, perTask: row.shardsPerTask)
    var cluster = SimulatedCluster(nodes: 1)
    (cluster.startSeconds, cluster.hasDuplicates) = (rows.map(\.startSeconds).median, false)
    cluster.shared = .init(machine, ranks: row.ranks)
    let oneNode = try NodeSimulation.run(work, on: cluster)
    cluster.nodes = row.nodes
    return PredictedNodes(
      images.configuration(strategy, ranks: row.ranks), work, on: .init(nodes: row.nodes, cores: row.cores),
      measuredSeconds: rows.map(\.wallSeconds).median, try NodeSimulation.run(work, on: cluster), oneNode: oneNode)
  }
}

/// What an image of a run costs a node.
private struct NodeImages {
  let calibration: Calibration
  /// The run's largest work, with saving if that was measured.
  let baseline: ConfigurationSummary

  init(_ calibration: Calibration) throws(StudyError) {
    let analysis = calibration.analysis
    guard let baseline = analysis.savings.lazy.compactMap({ analysis.baselines($0).last }).first else {
      throw StudyError("\(analysis.study.folder): the run has no baseline")
    }
    (self.calibration, self.baseline) = (calibration, baseline)
  }

  var folder: String { calibration.analysis.study.folder }

  func configuration(_ strategy: any SimulatedStrategy.Type, ranks: Int) -> Configuration {
    var configuration = baseline.configuration
    (configuration.strategy, configuration.ranks) = (strategy.name, ranks)
    return configuration
  }

  func work(
    _ count: Int, in shards: Int, _ strategy: any SimulatedStrategy.Type, ranks: Int, on machine: SimulatedMachine,
    aloneSeconds: Double, perTask: Int?
  ) throws(StudyError) -> NodeWork {
    var work = NodeWork(
      images: count, shards: shards, secondsPerImage: try seconds(strategy, ranks: ranks, on: machine))
    (work.bytesPerImage, work.aloneSeconds, work.shardsPerTask) = (bytes, aloneSeconds, perTask)
    return work
  }

  /// Bytes read and written for an image.
  private var bytes: Double {
    baseline.spread { Double($0.readBytes + $0.writtenBytes) }.median / Double(max(1, baseline.configuration.images))
  }

  /// Seconds of a node for one image more, once all its ranks are at work.
  private func seconds(_ strategy: any SimulatedStrategy.Type, ranks: Int, on machine: SimulatedMachine)
    throws(StudyError) -> Double
  {
    let configuration = configuration(strategy, ranks: ranks)
    guard strategy.canBeSimulated(ranks: ranks, configuration.saving),
      let costs = calibration.costs(of: configuration)
    else { throw StudyError("\(strategy.name) on \(NumberText.counted(ranks, "rank")) cannot be simulated") }
    let copies = max(1, configuration.copies)
    // So many that a last round in which some ranks have nothing to do is the same in both.
    let images = max(4, (Self.tasksPerRank * ranks + copies - 1) / copies)
    func seconds(_ images: Int) throws(StudyError) -> Double {
      let scene = SimulatedScene(
        images: images, copies: copies, costs: costs, isSaving: configuration.saving == .on)
      return try StudyError.wrapping { () throws(PoolError) in
        try SimulatedRun(strategy, scene, ranks: ranks, on: machine).seconds
      }
    }
    return try max(0, seconds(2 * images) - seconds(images)) / Double(images)
  }

  private static let tasksPerRank = 32
}

extension MeasuredNodes {
  /// What its repetitions share.
  fileprivate var cell: [Int] {
    [nodes, ranks, cores, widthPixels, heightPixels, images, copies, shards, shardsPerTask]
  }

  fileprivate func isOfSameImages(as run: Configuration) -> Bool {
    (widthPixels, heightPixels, copies) == (run.widthPixels, run.heightPixels, run.copies)
  }
}
