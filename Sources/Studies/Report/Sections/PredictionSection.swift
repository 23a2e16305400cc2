internal import Imaging

/// The simulated times, and how well the simulation reproduces the measured ones.
package struct PredictionSection {
  let prediction: Prediction
  /// Cores of the measured machine.
  let cores: Int

  package init(_ prediction: Prediction, cores: Int) { (self.prediction, self.cores) = (prediction, cores) }

  var html: HTML {
    .lines([
      .element("h3", [], "Beyond this machine (simulated)"), .paragraph(explanation), predicted.html, validation.html,
    ])
  }

  /// For a terminal.
  package var text: String {
    "\(predicted.caption)\n\(predicted.text)\n\(validation.caption)\n\(validation.text)"
  }

  /// What was simulated and how accurate it is.
  package var explanation: String {
    let errors = prediction.worstError(cores: cores)
    let known = [
      errors.within.map { "\(NumberText.percent($0, 1)) up to \(cores) ranks" },
      errors.beyond.map { "\(NumberText.percent($0, 1)) with more ranks than cores" },
    ].compactMap { $0 }
    let validation =
      known.isEmpty
      ? "No measured cell can be simulated, so its error is unknown."
      : "Of the measured cells, simulated in the same way, the worst is off by \(NumberText.list(known))."
    return """
      A discrete-event simulation of which rank reads, transforms and saves, with bounded queues and the cores shared \
      evenly among the running processes. Its inputs are the baseline's seconds per image and copy, the processor time \
      that each further rank adds (in a strong study), and the contention between cores, \
      which was measured on \(cores) cores and is assumed to grow by the same amount for each further core; the time \
      without contention is the best case. It does not model a disk slower than the measured one or other \
      processors. \(validation)
      """
  }

  private var predicted: Table {
    let cores = prediction.predicted.first?.cores ?? 0
    var table = Table(
      "SIMULATED, on \(cores) cores: no number in this table was measured",
      Self.names + [
        Column("Time", unit: "s", { $0.simulatedSeconds }),
        Column("Time without contention", unit: "s", { $0.simulatedSecondsWithoutContention }),
        Column("Speedup", { $0.simulatedSpeedup }),
        Column("Efficiency", { $0.efficiency }, format: { NumberText.percent($0) }),
      ], prediction.predicted
    ).oversubscribed(prediction.predicted.map(\.isOversubscribed))
    for index in table.lines.indices { table.lines[index].isSimulated = true }
    return table
  }

  private var validation: Table {
    Table(
      "Accuracy of the simulation: the measured cells, simulated on the \(cores) cores of the run",
      Self.names + [
        Column("Measured", unit: "s", { $0.measuredSeconds }), Column("Simulated", unit: "s", { $0.simulatedSeconds }),
        Column("Error", { $0.error }, format: { NumberText.change($0, 1) }),
      ], prediction.validation
    ).oversubscribed(prediction.validation.map(\.isOversubscribed))
  }

  private static var names: [Column<PredictedTime>] {
    [
      .words("Strategy") { $0.configuration.strategy }, .words("Saving") { $0.configuration.saving.rawValue },
      Column("Ranks", text: { "\($0.configuration.ranks)\($0.isOversubscribed ? " *" : "")" }),
      Column("Size", text: { $0.configuration.size.description }),
    ]
  }
}
