internal import ArgumentParser
internal import Datasets
internal import Imaging
internal import Jobs
internal import Scenes
internal import Strategies

struct ContactSheetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contact-sheet", abstract: "Puts images and their copies on one sheet, one row per image.")

  @Argument(help: "Input folder of augment.", completion: .directory)
  var input: String

  @Argument(help: "Output folder of augment.", completion: .directory)
  var output: String

  @Argument(help: "Image file to write, .png or .jpg.", completion: .file(extensions: ["png", "jpg"]))
  var sheet: String

  @Option(help: ArgumentHelp("Maximum number of images, chosen at even distances in the folder.", valueName: "n"))
  var rows = 6

  @Option(help: ArgumentHelp("Copies to show of each image; all must exist.", valueName: "n"))
  var copies = 5

  @Option(help: ArgumentHelp("Width and height of each image on the sheet in pixels.", valueName: "WxH"))
  var cell = ImageSize(width: 240, height: 180)

  @Option(
    help: ArgumentHelp(
      "File name template of the copies, as given to augment. (default: \(Augment.defaultName))",
      valueName: "template"),
    transform: { try NameTemplate($0) })
  var name: NameTemplate?

  @Option(help: ArgumentHelp("Format of the copies, as given to augment.", valueName: "format"))
  var format = CopyFormat.keep

  func validate() throws {
    guard rows >= 1, copies >= 1 else { throw ValidationError("--rows and --copies must be at least 1") }
    guard sheetFormat != nil else { throw ValidationError("SHEET must end in .png or .jpg") }
  }

  func run() throws { try Failure.telling { try draw() } }

  private var sheetFormat: ImageFormat? {
    sheet.split(separator: ".").last.flatMap { ImageFormat(ofSheet: $0) }
  }

  private func draw() throws {
    ImagingRuntime.prepareProcess()
    var options = Augment.Options()
    options.copies = copies
    let names = OutputNames(try name ?? NameTemplate(Augment.defaultName), format: format.format)
    let plan = try Plan(FolderListing(input), Augment(options), names)
    guard !plan.images.isEmpty else { throw Failure.noImages(in: input) }
    let shown = (0..<min(rows, plan.images.count)).map { $0 * plan.images.count / min(rows, plan.images.count) }
    var contactSheet = try ContactSheet(
      rows: shown.count, columns: copies + 1, cellWidth: cell.width, cellHeight: cell.height)
    for (row, image) in shown.enumerated() {
      try place("\(plan.input.path)/\(plan.images[image].path)", row: row, column: 0, on: &contactSheet)
      for copy in 0..<copies {
        guard let copyPath = plan.outputPath(ofTask: image * plan.tasksPerImage + copy) else { continue }
        let path = "\(output)/\(copyPath)"
        try place(path, row: row, column: copy + 1, on: &contactSheet)
      }
    }
    try ImageFile.write(contactSheet.image, to: sheet, as: sheetFormat ?? .png)
  }

  private func place(_ path: String, row: Int, column: Int, on sheet: inout ContactSheet) throws {
    do {
      let image = try ImageFile.read(path) { $0.size.fitted(into: cell) }
      try sheet.place(image, row: row, column: column)
    } catch {
      throw Failure(at: path, error)
    }
  }
}
