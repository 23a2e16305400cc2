/// What was simulated, beside how well the simulation tells what was measured.
struct PredictionSection {
  let prediction: Prediction
  let analysis: StudyAnalysis

  var html: HTML {
    .lines([
      .element("h3", [], "Beyond this machine (simulated)"),
      .paragraph(PredictionText(prediction: prediction, cores: analysis.cores).explanation), predicted.html,
      validation.html,
    ])
  }

  private var predicted: HTMLTable {
    let cores = prediction.predicted.first?.cores ?? 0
    return HTMLTable(
      caption: "SIMULATED, on \(cores) cores: no number in this table was measured",
      columns: [
        "Strategy", "Saving", "Ranks", "Size", "Time [s]", "Time without contention [s]", "Speedup", "Efficiency",
      ],
      textColumns: 2,
      rows: prediction.predicted.map { cell in
        let isOver = cell.cell.ranks > cell.cores
        return HTMLTable.Row(
          cells: [
            cell.cell.strategy, cell.cell.saving.rawValue, "\(cell.cell.ranks)\(isOver ? " *" : "")",
            cell.cell.size.description, Figures.plain(cell.simulatedSeconds),
            Figures.plain(cell.simulatedSecondsWithoutContention), Figures.plain(cell.simulatedSpeedup),
            Figures.percent(cell.simulatedSpeedup / Double(cell.cell.ranks)),
          ], isOversubscribed: isOver, isSimulated: true)
      })
  }

  private var validation: HTMLTable {
    HTMLTable(
      caption: "How good the simulation is: the measured cells, simulated on the \(analysis.cores) cores of the run",
      columns: ["Strategy", "Saving", "Ranks", "Size", "Measured [s]", "Simulated [s]", "Error"],
      textColumns: 2,
      rows: prediction.validation.map { cell in
        let isOver = cell.cell.ranks > cell.cores
        return HTMLTable.Row(
          cells: [
            cell.cell.strategy, cell.cell.saving.rawValue, "\(cell.cell.ranks)\(isOver ? " *" : "")",
            cell.cell.size.description, Figures.plain(cell.measuredSeconds), Figures.plain(cell.simulatedSeconds),
            Figures.change(cell.error, 1),
          ], isOversubscribed: isOver)
      })
  }
}
