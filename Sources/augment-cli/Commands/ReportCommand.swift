internal import ArgumentParser
internal import Studies

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Makes a page and a PDF of kept runs: answers, tables, charts, fits, and what limits them.",
    discussion: """
      RUN is a folder that strong, weak or compare has left. The page is one file, report.html; report.pdf is the same. \
      Charts need gnuplot and the PDF needs WeasyPrint; without them there is all the rest, and a message says how to \
      install them. The same rows give the same page. What predict has left in RUN becomes a section of its own.
      """)

  @Argument(
    help: ArgumentHelp("Folders of runs: each becomes a part of the page.", valueName: "run"), completion: .directory)
  var runs: [String]

  @Option(
    help: ArgumentHelp("Folder for the report; RUN itself if there is only one.", valueName: "folder"),
    completion: .directory)
  var output: String?

  func validate() throws {
    if runs.count > 1 && output == nil {
      throw ValidationError("several runs need --output, the folder for their report")
    }
  }

  func run() throws {
    let outcome = try Failure.asFailure { () throws(StudyError) in
      try ReportWriter(runs: runs, into: output ?? runs[0]).write()
    }
    for problem in outcome.problems { Terminal.write("augment-cli: \(Terminal.printable(problem))\n") }
    try Terminal.print(outcome.written.map { "\($0)\n" }.joined())
  }
}

extension Failure {
  /// What `body` gives; its sentence becomes that of the run.
  static func asFailure<Value>(_ body: () throws(StudyError) -> Value) throws(Failure) -> Value {
    do throws(StudyError) {
      return try body()
    } catch {
      throw Failure(error.description)
    }
  }
}
