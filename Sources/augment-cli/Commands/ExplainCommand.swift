internal import ArgumentParser
internal import Imaging

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Shows a pipeline as a tree, with the chance of each step, and warns of steps that nobody would see.")

  @Argument(
    help: "Albumentations pipeline, JSON or YAML; the built-in one if left out.",
    completion: .file(extensions: ["json", "yaml", "yml"]))
  var file: String?

  func run() throws {
    let text: String
    do throws(PipelineError) {
      let pipeline = if let file { try Pipeline(file: file) } else { Pipeline.default }
      text = PipelineExplanation.text(of: pipeline, width: Terminal.textWidth)
    } catch {
      throw Failure(error.description)
    }
    try Terminal.print(text)
  }
}
