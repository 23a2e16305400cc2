internal import ArgumentParser
internal import Datasets
internal import Glibc
internal import Imaging
internal import Scenes

struct PreviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Draws images with their boxes, polygons, masks, points and class names on one sheet.",
    discussion: """
      The images are spread evenly over the data set, and the same each time. A class has one colour on all sheets of a \
      data set. Dashed lines mark crowds and objects that are hard to recognise, filled points are visible and hollow \
      points hidden. An image that cannot be read is an empty cell with the reason. DATASET may also be the output of \
      augment or convert.

      Exit status: 0 all drawn, 1 some images could not be read, 2 no sheet.
      """)

  @Argument(help: "Folder of images and labels.", completion: .directory)
  var dataset: String

  @Option(
    help: ArgumentHelp("Image file to write, .png or .jpg.", valueName: "file"),
    completion: .file(extensions: ["png", "jpg"]))
  var output: String

  @Option(help: ArgumentHelp("Number of images, at most.", valueName: "n"))
  var count = 16

  @Option(help: ArgumentHelp("Images side by side. (default: as many as make the sheet square)", valueName: "n"))
  var columns: Int?

  @Option(help: ArgumentHelp("Width and height of each image on the sheet in pixels.", valueName: "WxH"))
  var size = ImageSize(width: 360, height: 270)

  @Option(help: ArgumentHelp("Draw the images at random, by this seed.", valueName: "n"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("Show only images of this part of the data set, such as val.", valueName: "name"))
  var split: String?

  @OptionGroup(title: "Labels") var flags: DatasetFlags

  private static let countLimit = 1000
  private static let sideLimit = 16...4096
  /// More would not fit into a JPEG, and hardly into memory.
  private static let pixelLimit = 400_000_000

  func validate() throws {
    try require((1...Self.countLimit).contains(count), "--count must lie between 1 and \(Self.countLimit)")
    try require(columns.map { (1...100).contains($0) } ?? true, "--columns must lie between 1 and 100")
    try require(
      Self.sideLimit.contains(size.width) && Self.sideLimit.contains(size.height),
      "--size must lie between \(Self.sideLimit.lowerBound) and \(Self.sideLimit.upperBound) on each side")
    try require(count * size.pixelCount <= Self.pixelLimit, "--count and --size make too large a sheet")
    try require(sheetFormat != nil, "--output must end in .png or .jpg")
  }

  private var sheetFormat: ImageFormat? {
    output.split(separator: ".").last.flatMap { ImageFormat(ofSheet: $0) }
  }

  func run() throws {
    ImagingRuntime.prepareProcess()
    let failureCount = try Failure.telling { try draw() }
    Glibc.exit((failureCount == 0 ? ExitStatus.done : .someImagesFailed).code)
  }

  /// - Returns: the number of images that could not be read.
  private func draw() throws -> Int {
    let folder = try LabelledFolder(dataset, flags)
    var preview = try Preview(
      of: folder, split: split, .init(count: count, columns: columns, cell: size, seed: seed))
    try preview.draw()
    do {
      try ImageFile.write(preview.sheet.image, to: output, as: sheetFormat ?? .png)
    } catch {
      throw Failure(at: output, error)
    }
    for note in preview.notes { Terminal.write("augment-cli: \(Terminal.printable(note))\n") }
    return preview.failureCount
  }
}

extension ImageFormat {
  /// That of a sheet to look at, by its file extension: PNG or JPEG.
  init?(ofSheet fileExtension: Substring) {
    guard let format = ImageFormat(fileExtension: String(fileExtension)), [.png, .jpeg].contains(format) else {
      return nil
    }
    self = format
  }
}
