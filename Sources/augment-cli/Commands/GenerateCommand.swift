internal import ArgumentParser
internal import Datasets
internal import Imaging
internal import Platform
internal import Scenes
internal import SystemPackage

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Generates test images; the same options give the same images on any machine.")

  @Argument(help: "Folder for the images; created if missing, must be empty.", completion: .directory)
  var folder: String

  @Option(help: ArgumentHelp("Content of the images.", valueName: "name"))
  var pattern = SceneGenerator.Pattern.scene

  @Option(help: ArgumentHelp("Width and height of the images in pixels.", valueName: "WxH"))
  var size = ImageSize(width: 640, height: 480)

  @Option(help: ArgumentHelp("Number of images.", valueName: "n"))
  var images = 10

  @Option(help: ArgumentHelp("Seed of the first image; each further image adds 1.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("File format, jpg or png.", valueName: "format"))
  var format = CopyFormat.jpg

  @Option(help: ArgumentHelp("JPEG quality, 1 to 100.", valueName: "n"))
  var quality = ImageEncoder.defaultQuality

  func validate() throws {
    if images < 1 { throw ValidationError("--images must be at least 1") }
    if !(1...100).contains(quality) { throw ValidationError("--quality must lie between 1 and 100") }
    if format == .keep { throw ValidationError("--format must be jpg or png") }
  }

  func run() throws {
    ImagingRuntime.prepareProcess()
    try checkFolder()
    let format = format.format ?? .jpeg
    // Twice: the canvas and the image made from it.
    guard Memory.hasRoom(forArrayOf: 2 * 3 * size.width * size.height) else {
      throw Failure("not enough memory for images of \(size) pixels", .tryAgain)
    }
    for index in 0..<images {
      let number = String(index)
      let zeros = String(repeating: "0", count: max(0, 4 - number.count))
      let path = "\(folder)/\(pattern.rawValue)_\(zeros)\(number).\(format.fileExtensions[0])"
      let generator = SceneGenerator(pattern, seed: seed &+ UInt64(index))
      do {
        let image = generator.generate(width: size.width, height: size.height)
        try ImageFile.write(image, to: path, as: format, quality: quality)
      } catch {
        throw Failure(at: path, error)
      }
    }
  }
}

extension GenerateCommand {
  /// Refuses a folder that is not empty: its images would be overwritten or mistaken for generated ones.
  private func checkFolder() throws {
    let isEmpty = try Failure.telling { try Folder(making: FilePath(text: folder)).names().isEmpty }
    guard isEmpty else { throw Failure("\(folder) is not empty: name another folder") }
  }
}

extension SceneGenerator.Pattern: ExpressibleByArgument {}
