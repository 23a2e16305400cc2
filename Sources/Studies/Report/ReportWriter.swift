internal import Platform
internal import SystemPackage

/// Reads runs and writes `report.html` and `report.pdf`.
package struct ReportWriter {
  /// "report.html"
  package static let pageName = "report.html"
  /// "report.pdf"
  package static let documentName = "report.pdf"
  /// How a person gets what is missing.
  package static let installation =
    "make deps-report installs it (on Debian: apt-get install --no-install-recommends gnuplot-nox weasyprint)"

  /// What was written, and what could not be.
  package struct Outcome: Sendable {
    /// Paths.
    package var written: [String] = []
    /// Sentences for people.
    package var problems: [String] = []
  }

  private let page: ReportPage
  private let folder: String

  /// A report on runs.
  /// - Parameters:
  ///   - runs: folders, each with a run.
  ///   - folder: where the report goes; made if need be.
  package init(runs: [String], into folder: String) throws(StudyError) {
    var loaded: [(study: Study, attachments: StudySection.Attachments)] = []
    for run in runs {
      loaded.append((try Study.load(run), try Self.attachments(of: run)))
    }
    page = ReportPage(loaded)
    self.folder = folder
  }

  /// Writes the page, with charts where gnuplot is installed, then the document, where WeasyPrint is.
  package func write() throws(StudyError) -> Outcome {
    let page = page(hasCharts: true)
    var outcome = Outcome(problems: page.problems)
    let path = "\(folder)/\(Self.pageName)"
    try Self.write(page.text, to: path)
    outcome.written.append(path)
    writeDocument(from: path, &outcome)
    return outcome
  }

  /// The page, and what could not be drawn on it.
  package func page(hasCharts: Bool) -> (text: String, problems: [String]) {
    let gnuplot = hasCharts ? Gnuplot.installed : nil
    var problems = gnuplot == nil ? [ReportPage.missingCharts] : []
    let text = page.text(gnuplot) { problems.append($0) }
    return (text, problems)
  }

  private func writeDocument(from path: String, _ outcome: inout Outcome) {
    let document = "\(folder)/\(Self.documentName)"
    guard let program = Program.find("weasyprint") else {
      outcome.problems.append("\(document) is not written, as WeasyPrint is not installed: \(Self.installation).")
      return
    }
    // The date of a font or document is not that of the run.
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

  /// Writes a file of a report, whole or not at all.
  package static func write(_ text: String, to path: String) throws(StudyError) {
    do throws(FileError) {
      try AtomicFile.write(text, to: FilePath(text: path))
    } catch {
      throw StudyError(error)
    }
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
    return attachments
  }
}
