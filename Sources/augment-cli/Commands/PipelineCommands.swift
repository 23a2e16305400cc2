internal import ArgumentParser
internal import Imaging
internal import Jobs

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Shows a pipeline as a tree with the probability of each step, and warns of steps without effect.")

  @Argument(
    help: "Albumentations pipeline, JSON or YAML; FILE:NAME for one of several. (default: the built-in pipeline)",
    completion: .file(extensions: ["json", "yaml", "yml"]))
  var file: String?

  @Option(help: ArgumentHelp("Built-in pipeline to show in place of a file.", valueName: "name"))
  var preset: PipelinePreset?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Also draw what the pipeline does to an image, step by step, on a sheet (.png or .jpg).",
      valueName: "image sheet"),
    completion: .file())
  var preview: [String] = []

  @Option(help: ArgumentHelp("Seed of the draw for --preview.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Number of the copy for --preview; each is another draw.", valueName: "n"))
  var copy = 0

  @Flag(help: "Leave out transforms of the pipeline that cannot run here.")
  var skipUnknown = false

  func validate() throws {
    try require([0, 2].contains(preview.count), "--preview takes an image and the sheet to write")
    try require(preview.isEmpty || sheetFormat != nil, "--preview: the sheet must end in .png or .jpg")
    try require(copy >= 0, "--copy must be 0 or more")
    try require(file == nil || preset == nil, "--preset names a built-in pipeline; leave out the file or the option")
  }

  private var sheetFormat: ImageFormat? {
    preview.count < 2 ? nil : preview[1].split(separator: ".").last.flatMap { ImageFormat(ofSheet: $0) }
  }

  func run() throws {
    let builtIn = (preset ?? .default).pipeline
    let pipeline = try Failure.telling { try file.map { try Pipeline(file: $0, skipsUnknown: skipUnknown) } ?? builtIn }
    try Terminal.print(PipelineExplanation.text(of: pipeline, width: Terminal.textWidth))
    guard let sheetFormat else { return }
    ImagingRuntime.prepareProcess()
    let strip = PipelineStrip(pipeline: pipeline, seed: seed, copy: copy)
    let lines = try Failure.telling { try strip.draw(preview[0], to: preview[1], as: sheetFormat) }
    try Terminal.print("\nDrawn for \(preview[1]):\n" + lines.map { "\(Terminal.printable($0))\n" }.joined())
  }
}

struct TransformsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transforms",
    abstract: "Lists the transforms and compositions, or shows some with their parameters.")

  @Argument(help: "Transforms to show with their parameters. (default: a list of all)")
  var names: [String] = []

  @Flag(help: "Show all of them with their parameters.")
  var all = false

  @Option(
    help: ArgumentHelp(
      "Draw all of them on the image that --image names, and write a sheet for each family here.",
      valueName: "folder"),
    completion: .directory)
  var gallery: String?

  @Option(help: ArgumentHelp("Image for --gallery.", valueName: "file"), completion: .file())
  var image: String?

  func validate() throws {
    try require((gallery == nil) == (image == nil), "--gallery and --image go together")
    for name in names where TransformCatalog.type(named: name) == nil {
      let known = TransformCatalog.all.map { $0.name }
      let hint = nearestName(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
      throw ValidationError("there is no transform \(quoted(name))\(hint)")
    }
  }

  func run() throws {
    if let gallery, let image {
      ImagingRuntime.prepareProcess()
      return try Failure.telling {
        var drawing = try TransformGallery(image)
        try drawing.draw(TransformCatalog.families, into: gallery)
      }
    }
    let width = Terminal.textWidth
    let chosen = all ? TransformCatalog.all : names.compactMap(TransformCatalog.type)
    try Terminal.print(
      chosen.isEmpty ? TransformListing.overview(width: width) : TransformListing.text(of: chosen, width: width))
  }
}
