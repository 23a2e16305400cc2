internal import FoundationEssentials

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
    try Self.write(page.text, to: path, in: folder)
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
    guard let program = ExternalProgram.find("weasyprint") else {
      outcome.problems.append("\(document) is not written, as WeasyPrint is not installed: \(Self.installation).")
      return
    }
    let temporary = "\(document).tmp"
    // The date of a font or document is not that of the run.
    let result = program.run(["--quiet", path, temporary], environment: ["SOURCE_DATE_EPOCH=0"])
    do {
      guard result.status == 0 else { throw StudyError(result.errors) }
      if FileManager.default.fileExists(atPath: document) { try FileManager.default.removeItem(atPath: document) }
      try FileManager.default.moveItem(atPath: temporary, toPath: document)
      outcome.written.append(document)
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      outcome.problems.append("\(document) is not written: weasyprint ended with status \(result.status): \(error)")
    }
  }

  /// Writes a file of a report, whole or not at all.
  package static func write(_ text: String, to path: String, in folder: String) throws(StudyError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw StudyError("\(path): cannot write: \(reason(error))")
    }
  }

  private static func attachments(of run: String) throws(StudyError) -> StudySection.Attachments {
    let files = RunFolder(run)
    var attachments = StudySection.Attachments()
    if let text = files.text(TimelineEntry.fileName) {
      attachments.timeline = try TimelineEntry.rows(text: text, path: files.file(TimelineEntry.fileName))
    }
    if let text = files.text(Prediction.fileName) {
      attachments.prediction = try Prediction(text: text, path: files.file(Prediction.fileName))
    }
    return attachments
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? CocoaError else { return String(describing: error) }
    return switch error.code {
    case .fileWriteNoPermission: "Permission denied"
    case .fileWriteOutOfSpace: "No space left on device"
    case .fileWriteVolumeReadOnly: "Read-only file system"
    case .fileWriteFileExists: "a file is in the way"
    default: "error \(error.code.rawValue)"
    }
  }
}
