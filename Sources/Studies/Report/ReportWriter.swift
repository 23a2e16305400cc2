internal import Platform
internal import SystemPackage

/// Reads runs and writes `report.html`, `report.pdf` and the tables of `BenchmarkResults`.
package struct ReportWriter {
  package static let pageName = "report.html"
  package static let documentName = "report.pdf"
  /// What was written, and what failed.
  package struct Outcome: Sendable {
    /// Paths.
    package var written: [String] = []
    /// One sentence each.
    package var problems: [String] = []
    /// Whether a program that it uses is not installed.
    package var lacksPrograms = false
  }

  private let page: ReportPage
  private let results: BenchmarkResults
  private let folder: String

  /// - Parameters:
  ///   - runs: folders with a run each.
  ///   - folder: where the report goes; made if missing.
  package init(runs: [String], into folder: String) throws(StudyError) {
    var loaded: [(study: Study, attachments: StudySection.Attachments)] = []
    for run in runs {
      loaded.append((try Study.load(run), try Self.attachments(of: run)))
    }
    page = ReportPage(loaded)
    results = BenchmarkResults(loaded.map(\.study))
    self.folder = folder
  }

  /// Writes the page, with charts if gnuplot is installed, then the PDF if WeasyPrint is.
  package func write() throws(StudyError) -> Outcome {
    let page = page(hasCharts: true)
    var outcome = Outcome(problems: page.problems, lacksPrograms: Gnuplot.installed == nil)
    let path = "\(folder)/\(Self.pageName)"
    try Self.write(page.text, to: path)
    outcome.written.append(path)
    for (name, text) in [
      (BenchmarkResults.trialsName, results.trials), (BenchmarkResults.summaryName, results.summary),
    ] {
      try Self.write(text, to: "\(folder)/\(name)")
      outcome.written.append("\(folder)/\(name)")
    }
    writeDocument(from: path, &outcome)
    return outcome
  }

  /// The page, and a sentence for each chart that could not be drawn.
  package func page(hasCharts: Bool) -> (text: String, problems: [String]) {
    let gnuplot = hasCharts ? Gnuplot.installed : nil
    var problems = gnuplot == nil ? [ReportPage.missingCharts] : []
    let text = page.text(gnuplot) { problems.append($0) }
    return (text, problems)
  }

  private func writeDocument(from path: String, _ outcome: inout Outcome) {
    let document = "\(folder)/\(Self.documentName)"
    guard let program = Program.find("weasyprint") else {
      outcome.lacksPrograms = true
      outcome.problems.append("\(document) is not written because WeasyPrint is not installed.")
      return
    }
    // Keeps the current date out of the document and its fonts.
    let result = program.run(["--quiet", path, "-"], environment: ["SOURCE_DATE_EPOCH=0"])
    guard result.status == 0 else {
      outcome.problems.append(
        "\(document) is not written: weasyprint ended with status \(result.status): \(result.errors)")
      return
    }
    do throws(FileError) {
      try AtomicFile.write(result.output.span, to: FilePath(text: document))
      outcome.written.append(document)
    } catch {
      outcome.problems.append(error.description)
    }
  }

  /// Writes a report file atomically.
  package static func write(_ text: String, to path: String) throws(StudyError) {
    try StudyError.wrapping { () throws(FileError) in try AtomicFile.write(text, to: FilePath(text: path)) }
  }

  private static func attachments(of run: String) throws(StudyError) -> StudySection.Attachments {
    let files = RunFolder(run)
    var attachments = StudySection.Attachments()
    if let text = try files.text(TimelineEntry.fileName) {
      attachments.timeline = try TimelineEntry.rows(text: text, path: files.file(TimelineEntry.fileName))
    }
    if let text = try files.text(Prediction.fileName) {
      attachments.prediction = try Prediction(text: text, path: files.file(Prediction.fileName))
    }
    if let text = try files.text(NodePrediction.fileName) {
      attachments.nodePrediction = try NodePrediction(text: text, path: files.file(NodePrediction.fileName))
    }
    return attachments
  }
}
