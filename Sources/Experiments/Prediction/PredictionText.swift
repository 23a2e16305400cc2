/// A prediction in words and lines, for a terminal and for a page.
package struct PredictionText {
  let prediction: Prediction
  /// Cores of the machine that was measured.
  let cores: Int

  /// The text of a prediction from a run on so many cores.
  package init(prediction: Prediction, cores: Int) { (self.prediction, self.cores) = (prediction, cores) }

  /// What was simulated and how far it can be believed.
  package var explanation: String {
    let errors = prediction.worstError(cores: cores)
    let known = [
      errors.within.map { "\(Figures.percent($0, 1)) up to \(cores) ranks" },
      errors.beyond.map { "\(Figures.percent($0, 1)) with more ranks than cores" },
    ].compactMap { $0 }
    let validation =
      known.isEmpty
      ? "No measured cell can be simulated, so its error is unknown."
      : "Of the measured cells, simulated in the same way, the worst is off by \(Figures.list(known))."
    return """
      A discrete-event simulation: who reads, transforms and saves, bounded queues, cores shared evenly among the \
      processes that run. It is fed with the baseline's seconds per image and copy, with the processor time that each \
      further rank adds (where a strong study has it), and with the contention between cores, \
      which was measured on \(cores) cores and is assumed to go on growing by as much for each further core; without \
      contention is the best case. What it does not know: a disk slower than the one measured, other \
      processors. \(validation)
      """
  }

  /// The simulated cells, then the measured ones, as columns of text.
  package var table: String {
    let heads = ["strategy", "saving", "ranks", "size", "seconds", "no contention", "speedup", "efficiency", ""]
    let rows = prediction.predicted.map { cell in
      [
        cell.cell.strategy, cell.cell.saving.rawValue, "\(cell.cell.ranks)\(cell.cell.ranks > cell.cores ? "*" : "")",
        cell.cell.size.description, Figures.plain(cell.simulatedSeconds),
        Figures.plain(cell.simulatedSecondsWithoutContention), Figures.plain(cell.simulatedSpeedup),
        Figures.percent(cell.simulatedSpeedup / Double(cell.cell.ranks)), "simulated",
      ]
    }
    let measured = prediction.validation.map { cell in
      [
        cell.cell.strategy, cell.cell.saving.rawValue, "\(cell.cell.ranks)\(cell.cell.ranks > cell.cores ? "*" : "")",
        cell.cell.size.description, Figures.plain(cell.measuredSeconds), Figures.plain(cell.simulatedSeconds),
        Figures.change(cell.error, 1),
      ]
    }
    let validationHeads = ["strategy", "saving", "ranks", "size", "measured", "simulated", "error"]
    let simulatedCores = prediction.predicted.first.map { "\($0.cores) cores" } ?? ""
    return """
      SIMULATED, \(simulatedCores) (seconds; * more ranks than cores)
      \(Self.columns([heads] + rows))
      The simulation beside the measured cells, \(cores) cores (seconds)
      \(Self.columns([validationHeads] + measured))
      """
  }

  private static func columns(_ rows: [[String]]) -> String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.count)
        return column < 2 ? text + space : space + text
      }
      return cells.joined(separator: "  ") + "\n"
    }.joined()
  }
}
