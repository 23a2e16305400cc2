internal import ArgumentParser
internal import Datasets
internal import Glibc
internal import Strategies
internal import Studies

/// Compares an output folder with the record of its run.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Checks the files of an output folder against the record of its run.",
    discussion: """
      Prints a line for each file that is missing, has another size or content than was written, or is not of the run. \
      Exit status 0 if all files are there as they were written, 1 if not.
      """)

  @Argument(help: "Folder that a run has written to.", completion: .directory)
  var output: String

  @Flag(help: "Also read every file and compare its hash.")
  var full = false

  func run() throws {
    let run = try Failure.telling(at: output) { try RecordedRun<RunDescription.What>(in: output) }
    var faultCount = 0
    let soundCount = try Failure.telling(at: output) {
      try run.verify(isFull: full) { path, fault in
        faultCount += 1
        try Terminal.print("\(Terminal.printable(path)): \(fault.text)\n")
      }
    }
    let state = run.isFinished ? "" : "; the run is not finished"
    let faults = faultCount == 0 ? "" : ", \(faultCount) not"
    Terminal.write("\(NumberText.counted(soundCount, "file")) as written\(faults)\(state)\n")
    Glibc.exit((faultCount == 0 && run.isFinished ? ExitStatus.done : .someImagesFailed).code)
  }
}
