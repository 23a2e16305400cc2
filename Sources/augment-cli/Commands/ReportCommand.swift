internal import ArgumentParser
internal import Studies

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes a page and a PDF about measured runs: answers, tables, charts, fits, and bottlenecks.",
    discussion: """
      Each run is a folder written by strong, weak or compare. The page is one file, report.html; report.pdf has the \
      same content. Charts need gnuplot and the PDF needs WeasyPrint; without them the rest is still written, and a \
      message says how to install them. The same rows give the same page. A prediction in the folder (see predict) is \
      included as a section. benchmark_results.csv has a line per trial (work, batch, ranks, seconds, images per second, \
      speedup over the median of the baseline, efficiency, the processor's frequency and temperature), \
      benchmark_summary.csv one per cell, with median, minimum and maximum, and by Amdahl's law the serial fraction and \
      the highest speedup. Both are made from runs.csv and study.json alone.
      """)

  private static let installation = """
    make deps-report installs what is missing (on Debian: apt-get install --no-install-recommends gnuplot-nox weasyprint)
    """

  @Argument(
    help: ArgumentHelp("Folders of runs; each becomes a part of the page.", valueName: "run"), completion: .directory)
  var runs: [String]

  @Option(
    help: ArgumentHelp(
      "Folder for the report. (default: the folder of the run, if there is only one)", valueName: "folder"),
    completion: .directory)
  var output: String?

  func validate() throws {
    if runs.count > 1 && output == nil {
      throw ValidationError("a report on several runs needs a folder: --output")
    }
  }

  func run() throws {
    let outcome = try Failure.telling { try ReportWriter(runs: runs, into: output ?? runs[0]).write() }
    let remedies = outcome.lacksPrograms ? [Self.installation] : []
    for problem in outcome.problems + remedies { Terminal.write("augment-cli: \(Terminal.printable(problem))\n") }
    try Terminal.print(outcome.written.map { "\($0)\n" }.joined())
  }
}
