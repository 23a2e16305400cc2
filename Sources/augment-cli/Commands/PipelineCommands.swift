internal import ArgumentParser
internal import Imaging

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Shows a pipeline as a tree with the probability of each step, and warns of steps without effect.")

  @Argument(
    help: "Albumentations pipeline, JSON or YAML. (default: the built-in pipeline)",
    completion: .file(extensions: ["json", "yaml", "yml"]))
  var file: String?

  func run() throws {
    let pipeline = try Failure.telling { try file.map { try Pipeline(file: $0) } ?? Pipeline.default }
    try Terminal.print(PipelineExplanation.text(of: pipeline, width: Terminal.textWidth))
  }
}

struct TransformsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transforms",
    abstract: "Lists the supported transforms and compositions with their parameters and defaults.")

  func run() throws { try Terminal.print(TransformListing.text(width: Terminal.textWidth)) }
}
