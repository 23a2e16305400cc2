internal import ArgumentParser
internal import Glibc
internal import Imaging
internal import Platform

@main
struct AugmentCLI: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "augment-cli",
    abstract: "Augments whole folders of images, on every core, to the same bytes for any number of processes.",
    discussion: """
      Exit status: 0 all done, 1 some images failed, 2 the run failed, 64 wrong usage, 75 the machine is short of \
      something (try again), 129, 130 or 143 stopped by a signal.
      """,
    version: "1.0.0",
    subcommands: JobCommands.all + [
      TransformsCommand.self, ExplainCommand.self, GenerateCommand.self, ContactSheetCommand.self,
      StrongCommand.self, WeakCommand.self, CompareCommand.self, ReportCommand.self, PredictCommand.self,
      BenchCommand.self,
    ])

  static func main() {
    Startup.reexecIfThreadsStarted()
    Startup.openMissingDescriptors()
    ImagingRuntime.InstructionSet.ofEnvironment.map { ImagingRuntime.limitInstructions(to: $0) }
    do {
      var command = try parseAsRoot(Startup.arguments)
      try command.run()
    } catch let failure as Failure {
      exit(with: failure)
    } catch {
      exit(afterParsing: error)
    }
  }

  private static func exit(with failure: Failure) -> Never {
    Terminal.write("augment-cli: \(Terminal.printable(failure.description))\n")
    Glibc.exit(failure.status.code)
  }

  /// As `exit(withError:)`, but help that cannot be printed is no success.
  private static func exit(afterParsing error: any Error) -> Never {
    let (text, code) = ("\(fullMessage(for: error))\n", exitCode(for: error))
    do throws(Failure) {
      if code.isSuccess { try Terminal.print(text) } else { Terminal.write(text) }
    } catch {
      exit(with: error)
    }
    Glibc.exit(code.rawValue)
  }
}
