internal import ArgumentParser
internal import Glibc
internal import Imaging
internal import Platform
internal import ProcPool
internal import SystemPackage

@main
struct AugmentCLI: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "augment-cli",
    abstract: "Augments, anonymises, resizes, quantises and downloads folders of images on every core.",
    discussion: """
      Any number of processes writes the same bytes.

      Exit status: 0 all done, 1 some images failed, 2 the run failed, 64 wrong usage, 75 out of memory, disk space or \
      another resource (try again), 78 this machine cannot do it (another may), 129, 130 or 143 stopped by a signal.
      """,
    version: programAndBuild,
    subcommands: JobCommands.all + [
      IngestCommand.self, TransformsCommand.self, ExplainCommand.self, GenerateCommand.self, ContactSheetCommand.self,
      StrongCommand.self, WeakCommand.self, CompareCommand.self, ReportCommand.self, PredictCommand.self,
      BenchCommand.self, PreviewCommand.self, StatsCommand.self, StatusCommand.self, VerifyCommand.self,
      ReplayCommand.self, PlanCommand.self, FinalizeCommand.self, CleanCommand.self, ClusterScriptCommand.self,
    ])

  static let version = "1.0.0"

  static let program = "augment-cli \(version)"

  /// Two builds of one version may differ; shards of one run must not.
  static let programAndBuild = "\(program) (build \(BuildID.ofThisProgram))"

  static func main() {
    Startup.reexecIfThreadsStarted()
    Startup.openMissingDescriptors()
    do {
      try limitInstructions()
      becomeWorkerIfStartedAsOne()
      var command = try parseAsRoot(Startup.arguments)
      try command.run()
    } catch let failure as Failure {
      exit(with: failure)
    } catch {
      exit(afterParsing: error)
    }
  }

  /// Obeys AUGMENT_INSTRUCTIONS, by which tests compare the bytes of all instruction sets. If an unknown name were
  /// ignored, a test that misspells one would compare the best with itself.
  private static func limitInstructions() throws {
    guard let name = Program.environment("AUGMENT_INSTRUCTIONS") else { return }
    guard let limit = ImagingRuntime.InstructionSet(rawValue: name) else {
      let names = ImagingRuntime.InstructionSet.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("AUGMENT_INSTRUCTIONS must be one of \(names), not '\(Terminal.printable(name))'")
    }
    ImagingRuntime.limitInstructions(to: limit)
  }

  private static func exit(with failure: Failure) -> Never {
    Terminal.write("augment-cli: \(Terminal.printable(failure.description))\n")
    Glibc.exit(failure.status.code)
  }

  /// As `exit(withError:)`, except that a failure to print the help text is an error.
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
