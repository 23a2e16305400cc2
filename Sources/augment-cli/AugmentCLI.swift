internal import ArgumentParser
internal import Glibc
internal import Imaging

@main
struct AugmentCLI: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "augment-cli",
    abstract: "Augments whole folders of images, on every core, to the same bytes for any number of processes.",
    discussion: """
      Exit status: 0 all done, 1 some images failed, 2 the run failed, 64 wrong usage, 75 the machine is short of \
      something (try again), 130 or 143 stopped by a signal.
      """,
    version: "1.0.0",
    subcommands: JobCommands.all + [
      TransformsCommand.self, ExplainCommand.self, GenerateCommand.self, ContactSheetCommand.self,
      StrongCommand.self, WeakCommand.self, CompareCommand.self, ReportCommand.self, PredictCommand.self,
      BenchCommand.self,
    ])

  static func main() {
    ImagingRuntime.beginWithOneThread()
    Terminal.openMissingDescriptors()
    ImagingRuntime.InstructionSet.ofEnvironment.map { ImagingRuntime.limitInstructions(to: $0) }
    do {
      var command = try parseAsRoot(Terminal.arguments)
      try command.run()
    } catch let failure as Failure {
      Terminal.write("augment-cli: \(Terminal.printable(failure.description))\n")
      Glibc.exit(failure.status.code)
    } catch {
      exit(withError: error)
    }
  }
}
