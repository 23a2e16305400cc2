internal import ArgumentParser
internal import Datasets
internal import Imaging
internal import Jobs
internal import Strategies

struct ContactSheetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contact-sheet", abstract: "Shows images and their copies on one picture, a row for each image.")

  @Argument(help: "The folder that was augmented.", completion: .directory)
  var input: String

  @Argument(help: "The folder with the copies.", completion: .directory)
  var output: String

  @Argument(help: "The picture to write, .png or .jpg.", completion: .file(extensions: ["png", "jpg"]))
  var sheet: String

  @Option(help: ArgumentHelp("Images on the sheet at most, taken evenly from the folder.", valueName: "n"))
  var rows = 6

  @Option(help: ArgumentHelp("Copies of each at most.", valueName: "n"))
  var copies = 5

  @Option(help: ArgumentHelp("Width and height of one picture.", valueName: "WxH"))
  var cell = ImageSize(width: 240, height: 180)

  @Option(help: ArgumentHelp("Name of a copy, as it was given to augment.", valueName: "template"))
  var name = Augment.defaultName

  @Option(help: ArgumentHelp("Format of the copies, as it was given to augment.", valueName: "format"))
  var format = CopyFormat.keep

  func validate() throws {
    guard rows >= 1, copies >= 1 else { throw ValidationError("--rows and --copies must be at least 1") }
    guard sheetFormat != nil else { throw ValidationError("SHEET must end in .png or .jpg") }
  }

  func run() throws {
    do {
      try draw()
    } catch {
      throw (error as? Failure) ?? Failure(String(describing: error), of: error)
    }
  }

  private var sheetFormat: ImageFormat? {
    sheet.split(separator: ".").last.flatMap { ImageFormat(fileExtension: String($0)) }
  }

  private func draw() throws {
    ImagingRuntime.prepareProcess()
    var options = Augment.Options()
    options.copies = copies
    let names = OutputNames(try NameTemplate(name), format: format.format)
    let plan = try Plan(FolderListing(input), Augment(options), names)
    guard !plan.images.isEmpty else { throw Failure("\(input): no images") }
    let shown = (0..<min(rows, plan.images.count)).map { $0 * plan.images.count / min(rows, plan.images.count) }
    var contactSheet = try ContactSheet(
      rows: shown.count, columns: copies + 1, cellWidth: cell.width, cellHeight: cell.height)
    for (row, image) in shown.enumerated() {
      try place("\(plan.input.path)/\(plan.images[image].path)", row: row, column: 0, on: &contactSheet)
      for copy in 0..<copies {
        let path = "\(output)/\(plan.outputPath(ofTask: image * plan.tasksPerImage + copy))"
        try place(path, row: row, column: copy + 1, on: &contactSheet)
      }
    }
    try ImageFile.write(contactSheet.image, to: sheet, as: sheetFormat ?? .png)
  }

  private func place(_ path: String, row: Int, column: Int, on sheet: inout ContactSheet) throws {
    do {
      try sheet.place(ImageFile.read(path, toFit: (cell.width, cell.height)), row: row, column: column)
    } catch {
      throw Failure(at: path, error)
    }
  }
}
