internal import Imaging

/// What was simulated, beside how well the simulation tells what was measured.
package struct PredictionSection {
  let prediction: Prediction
  /// Cores of the machine that was measured.
  let cores: Int

  /// The section on a prediction from a run on so many cores.
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

  /// What was simulated and how far it can be believed.
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
      A discrete-event simulation: who reads, transforms and saves, bounded queues, cores shared evenly among the \
      processes that run. It is fed with the baseline's seconds per image and copy, with the processor time that each \
      further rank adds (where a strong study has it), and with the contention between cores, \
      which was measured on \(cores) cores and is assumed to go on growing by as much for each further core; without \
      contention is the best case. What it does not know: a disk slower than the one measured, other \
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
      "How good the simulation is: the measured cells, simulated on the \(cores) cores of the run",
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
