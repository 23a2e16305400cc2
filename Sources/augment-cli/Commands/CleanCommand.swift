internal import ArgumentParser
internal import Datasets
internal import Platform
internal import Studies
internal import SystemPackage

/// Removes what killed processes have left.
struct CleanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean", abstract: "Removes the temporary files that killed processes have left in an output folder.",
    discussion: """
      Files of processes that may still live are left alone. On file systems without locks, such as many network file \
      systems, that is all of them: there, end all processes first, and give --force.
      """)

  @Argument(help: "Folder that runs write or have written to.", completion: .directory)
  var output: String

  @Flag(help: "Remove them also where it cannot be told whether their processes live.")
  var force = false

  func run() throws {
    let count = try Failure.telling(at: output) {
      try Remains(everywhereIn: Folder(FilePath(text: output))).remove(isForced: force)
    }
    Terminal.write("Removed \(NumberText.counted(count, "temporary file"))\n")
  }
}
