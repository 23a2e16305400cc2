internal import ArgumentParser
internal import Imaging
internal import Jobs

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Shows a pipeline as a tree with the probability of each step, and warns of steps without effect.")

  @Argument(
    help: "Albumentations pipeline, JSON or YAML. (default: the built-in pipeline)",
    completion: .file(extensions: ["json", "yaml", "yml"]))
  var file: String?

  @Option(help: ArgumentHelp("Built-in pipeline to show in place of a file.", valueName: "name"))
  var preset: PipelinePreset?

  func validate() throws {
    try require(file == nil || preset == nil, "--preset names a built-in pipeline; leave out the file or the option")
  }

  func run() throws {
    let builtIn = (preset ?? .default).pipeline
    let pipeline = try Failure.telling { try file.map { try Pipeline(file: $0) } ?? builtIn }
    try Terminal.print(PipelineExplanation.text(of: pipeline, width: Terminal.textWidth))
  }
}

struct TransformsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transforms",
    abstract: "Lists the supported transforms and compositions with their parameters and defaults.")

  func run() throws { try Terminal.print(TransformListing.text(width: Terminal.textWidth)) }
}
