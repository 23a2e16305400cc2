internal import ArgumentParser
internal import Datasets
internal import Imaging
internal import Jobs
internal import Strategies

/// The command of a job: `augment`, for one.
struct JobCommand<Work: Job>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Work.name, abstract: Work.abstract,
      discussion: """
        The tree of INPUT is mirrored in OUTPUT. JPEG and PNG files are told by their content, whatever they are called; \
        a file that cannot be used is reported with its path and the reason, and the rest is done. Every file is written \
        under a temporary name and renamed, so no name stands for half a file. \(Work.discussion)

        Strategies: sequential (one process does all), main-reads (the main process decodes each image once, the ranks \
        do the rest), worker-reads (each rank reads what it works on), savers (some ranks only save what the others \
        make), adaptive (whoever is free does what comes next; no more at work than there are cores).
        """)
  }

  @Argument(help: "Folder with images, or a single image.", completion: .directory)
  var input: String

  @Argument(help: "Folder for the copies; made if need be. May be left out with --no-saving.", completion: .directory)
  var output: String?

  @OptionGroup var flags: Work.Flags

  @Option(help: ArgumentHelp("Name of a copy, with {stem}, {copy}, {copy:06}, {ext}.", valueName: "template"))
  var name = Work.defaultName

  @OptionGroup var runFlags: RunFlags

  func validate() throws {
    guard output != nil || runFlags.noSaving else {
      throw ValidationError("OUTPUT is missing; it may be left out with --no-saving only")
    }
    do throws(NameTemplate.Invalid) {
      _ = try NameTemplate(name)
    } catch {
      throw ValidationError("--name: \(error)")
    }
  }

  func run() throws {
    let job = try Failure.telling { Work(try flags.options()) }
    let names = OutputNames(try Failure.telling { try NameTemplate(name) }, format: runFlags.format.format)
    var what = RunDescription.What(job, names)
    what.files = runFlags.files
    try JobSession(RunDescription(what, runFlags.how), input: input, output: output, runFlags).execute()
  }
}

/// The commands of all jobs.
enum JobCommands {
  static var all: [any ParsableCommand.Type] { JobCatalog.all.map { command(of: $0) } }

  private static func command<Work: Job>(of job: Work.Type) -> any ParsableCommand.Type { JobCommand<Work>.self }
}
