internal import Imaging
internal import Platform
internal import SystemPackage

/// The files that a bench of transforms leaves: the rows as they come, and what is derived from them.
package struct TransformBenchFolder {
  /// Where they lie.
  package let path: String
  private let bench: TransformBench
  private var timings: [TransformTiming] = []
  private let files: RunFolder

  /// Makes the folder and writes what it is measured on.
  package init(_ path: String, _ bench: TransformBench, command: String) throws(StudyError) {
    (self.path, self.bench, files) = (path, bench, RunFolder(path))
    do throws(FileError) {
      try Folder.working.makeFolder(FilePath(text: path))
    } catch {
      throw StudyError(error)
    }
    try files.write(MachineProbe.facts(folder: path), RunFolder.machineName)
    try files.replace(RunFolder.commandName, with: "\(command)\n")
  }

  /// Takes the timings of a repetition, and writes all there are.
  package mutating func add(_ added: [TransformTiming]) throws(StudyError) {
    timings += added
    let header = columns.map(\.name).joined(separator: ",")
    let lines = timings.map { timing in columns.map { $0.field(timing) }.joined(separator: ",") }
    try files.replace("transforms.csv", with: ([header] + lines).map { "\($0)\n" }.joined())
  }

  private var columns: [Column<TransformTiming>] {
    [
      .words("implementation") { $0.implementation }, .words("transform") { $0.transform },
      Column("widthPixels", text: { _ in "\(bench.width)" }), Column("heightPixels", text: { _ in "\(bench.height)" }),
      Column("threads", text: { _ in "\(bench.threads)" }), Column("repetition", text: { "\($0.repetition)" }),
      Column("milliseconds", text: { NumberText.fixed($0.milliseconds, 4) }),
    ]
  }

  /// Writes the table and, where gnuplot is installed, the chart.
  /// - Returns: the table, for a terminal.
  package func finish() throws(StudyError) -> String {
    let summary = TransformTable(timings)
    let table = summary.table
    let title = "\(bench.width)×\(bench.height) RGB, \(bench.threads) thread\(bench.threads == 1 ? "" : "s")"
    let head =
      "# Transforms: \(title)\n\nMilliseconds for one image, the mean of \(TransformBench.draws) draws: median of the repetitions, the least and the most.\n\n"
    try files.replace("summary.md", with: head + table.markdown)
    if let gnuplot = Gnuplot.installed, let drawing = gnuplot.file(summary.chart(title: title)) {
      try files.replace("transforms.svg", with: drawing)
    }
    return table.text
  }
}
