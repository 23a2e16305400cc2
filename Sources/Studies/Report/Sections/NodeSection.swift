/// The simulated nodes, what limits them, and how well the simulation reproduces node processes that were measured.
package struct NodeSection {
  let prediction: NodePrediction

  package init(_ prediction: NodePrediction) { self.prediction = prediction }

  var html: HTML {
    .lines([
      .element("h3", [], "Many nodes (simulated)"), .paragraph(explanation), predicted.html, .paragraph(limits),
      validation.html,
    ])
  }

  /// For a terminal.
  package var text: String {
    let parts = ["\(predicted.caption)\n\(predicted.text)\(limits)\n"]
    return (parts + (prediction.validation.isEmpty ? [] : ["\(validation.caption)\n\(validation.text)"]))
      .joined(separator: "\n")
  }

  /// What was simulated and how accurate it is.
  package var explanation: String {
    """
    A discrete-event simulation of nodes that take tasks of consecutive shards from one queue, with the rules of the \
    driver for Dask. What an image costs a node is simulated from the baseline's seconds per image and copy; the start \
    and the dispatch of a task, the storage that all nodes share, slow nodes and failures are options of predict. A task \
    computes and moves its bytes at the same time. It does not model a network, a cache, or a storage that gets slower \
    with many files. \(accuracy)
    """
  }

  private var accuracy: String {
    let measured = prediction.validation
    guard let worst = measured.compactMap({ $0.error?.magnitude }).max() else {
      return "Its error is unknown, because the run has no \(MeasuredNodes.fileName) of measured node processes."
    }
    let nodes = NumberText.list(Set(measured.map(\.nodes)).sorted().map(String.init))
    return """
      Of \(nodes) real node processes that were measured on the \(NumberText.counted(measured[0].cores, "core")) of one \
      machine, and simulated in the same way, the worst is off by \(NumberText.percent(worst, 1)); no number of real \
      machines was measured.
      """
  }

  /// What breaks first, as a sentence.
  package var limits: String {
    let rows = prediction.predicted.sorted { $0.nodes < $1.nodes }
    guard let first = rows.first(where: { $0.limitedBy != .cpu }) else {
      return "Simulated: nothing but the processors limits these nodes."
    }
    return """
      Simulated: what breaks first is \(first.limitedBy.words), which costs more than \
      \(NumberText.percent(SimulatedNodes.noticeable)) of the time of \(NumberText.counted(first.nodes, "node")).
      """
  }

  private var predicted: Table {
    let rows = prediction.predicted
    let (cores, images) = (rows.first?.cores ?? 0, rows.first?.configuration.images ?? 0)
    let place = "\(NumberText.counted(images, "image")) on nodes of \(NumberText.counted(cores, "core"))"
    var table = Table(
      "SIMULATED, \(place): no number in this table was measured",
      [
        Column("Nodes", text: { String($0.nodes) }),
        Column("Time", unit: "h", { $0.simulatedSeconds / 3600 }),
        Column("Speedup", { $0.simulatedSpeedup }),
        Column("Efficiency", { $0.simulatedEfficiency }, format: { NumberText.percent($0) }),
        Column("Share of ideal", { $0.simulatedIdealShare }, format: { NumberText.percent($0) }),
        .words("Limited by") { $0.limitedBy.rawValue },
        Column("Tasks", text: { String($0.tasks) }), Column("Done twice", text: { String($0.duplicates) }),
        Column("Failures", text: { String($0.failures) }),
      ] as [Column<PredictedNodes>], rows)
    for index in table.lines.indices { table.lines[index].isSimulated = true }
    return table
  }

  private var validation: Table {
    Table(
      "Accuracy of the simulation: measured node processes, simulated on the cores that they share",
      [
        Column("Nodes", text: { "\($0.nodes)\($0.isOversubscribed ? " *" : "")" }),
        Column("Ranks of each", text: { String($0.configuration.ranks) }), Column("Cores", text: { String($0.cores) }),
        Column("Images", text: { String($0.configuration.images) }), Column("Tasks", text: { String($0.tasks) }),
        Column("Measured", unit: "s", { $0.measuredSeconds }), Column("Simulated", unit: "s", { $0.simulatedSeconds }),
        Column("Error", { $0.error }, format: { NumberText.change($0, 1) }),
      ] as [Column<PredictedNodes>], prediction.validation
    ).oversubscribed(prediction.validation.map(\.isOversubscribed))
  }
}

extension NodeTime {
  /// As the subject of a sentence.
  fileprivate var words: String {
    switch self {
    case .cpu: "the work itself"
    case .plan: "the plan and the close of the run by one process"
    case .start: "the start of the tasks"
    case .dispatch: "the dispatch of the tasks"
    case .storage: "the storage"
    case .slowNodes: "the slowness of some nodes"
    case .failures: "failures of nodes"
    case .tail: "waiting for the last tasks"
    }
  }
}
