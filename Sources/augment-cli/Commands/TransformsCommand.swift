internal import ArgumentParser
internal import Imaging

struct TransformsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transforms",
    abstract: "Lists what a pipeline may consist of, with every parameter and its default.")

  func run() throws { try Terminal.print(TransformListing.text(width: Terminal.textWidth)) }
}
