public import ArgumentParser
internal import Datasets
public import Imaging
internal import Platform
internal import SystemPackage

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Makes images to try things on: the same for the same options, on any machine.")

  @Argument(help: "Folder for the images; made if need be.", completion: .directory)
  var folder: String

  @Option(help: ArgumentHelp("What they show.", valueName: "name"))
  var pattern = SceneGenerator.Pattern.scene

  @Option(help: ArgumentHelp("Width and height in pixels.", valueName: "WxH"))
  var size = ImageSize(width: 640, height: 480)

  @Option(help: ArgumentHelp("How many.", valueName: "n"))
  var images = 10

  @Option(help: ArgumentHelp("Number of the first image; each shows something else.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("jpg or png.", valueName: "format"))
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
    // Twice: as they are drawn, and as an image.
    guard Memory.hasRoom(forArrayOf: 2 * 3 * size.width * size.height) else {
      throw Failure("no memory for images of \(size) pixels", .tryAgain)
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
  /// Images that lie there would be taken for those that are made, or be written over.
  private func checkFolder() throws {
    let isEmpty: Bool
    do throws(FileError) {
      isEmpty = try Folder(making: FilePath(text: folder)).names().isEmpty
    } catch {
      throw Failure(error.description, error.isShortage ? .tryAgain : .runFailed)
    }
    guard isEmpty else { throw Failure("\(folder) is not empty: name another folder") }
  }
}

extension SceneGenerator.Pattern: ExpressibleByArgument {}

extension ImageSize: ExpressibleByArgument {
  /// Reads "640x480".
  public init?(argument: String) { self.init(argument) }

  /// "640x480"
  public var defaultValueDescription: String { description }
}
