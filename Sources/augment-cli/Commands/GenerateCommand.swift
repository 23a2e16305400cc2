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
  var format = PictureFormat.jpg

  @Option(help: ArgumentHelp("JPEG quality, 1 to 100.", valueName: "n"))
  var quality = ImageEncoder.defaultQuality

  @Option(
    help: ArgumentHelp(
      "Also write labels, in the folders of this format; the pattern thermal has objects. (default: none)",
      valueName: "voc|coco|yolo"))
  var labels: LabelFormatName?

  func validate() throws {
    if labels != nil && SceneGenerator.classNames(of: pattern).isEmpty {
      let names = SceneGenerator.Pattern.allCases.filter { !SceneGenerator.classNames(of: $0).isEmpty }.map(\.rawValue)
      throw ValidationError("--labels: \(pattern.rawValue) shows no objects; \(names.joined(separator: ", ")) does")
    }
    if images < 1 { throw ValidationError("--images must be at least 1") }
    if !(1...100).contains(quality) { throw ValidationError("--quality must lie between 1 and 100") }
  }

  func run() throws {
    ImagingRuntime.prepareProcess()
    try checkFolder()
    let format = format.format
    // Twice: the canvas and the image made from it.
    guard Memory.hasRoom(forArrayOf: 2 * 3 * size.width * size.height) else {
      throw Failure("not enough memory for images of \(size) pixels", .tryAgain)
    }
    var dataset = labels.map { NewDataset($0.type, classNames: SceneGenerator.classNames(of: pattern)) }
    for index in 0..<images {
      let number = String(index)
      let zeros = String(repeating: "0", count: max(0, 4 - number.count))
      let name = "\(pattern.rawValue)_\(zeros)\(number).\(format.fileExtensions[0])"
      let path = "\(folder)/\(dataset?.imagePath(name) ?? name)"
      let generator = SceneGenerator(pattern, seed: seed &+ UInt64(index))
      do {
        let image = generator.generate(width: size.width, height: size.height)
        try ImageFile.write(image, to: path, as: format, quality: quality)
        try writeLabels(of: name, image.color.shape, generator, in: &dataset)
      } catch {
        throw Failure(at: path, error)
      }
    }
    try Failure.telling { try dataset?.finish(in: OutputFolder(folder)) }
  }

  private func writeLabels(
    of name: String, _ shape: ImageShape, _ generator: SceneGenerator, in dataset: inout NewDataset?
  ) throws {
    guard dataset != nil else { return }
    let objects = generator.objects(width: size.width, height: size.height).map { object in
      LabelledObject(object.className, object.box)
    }
    dataset?.add(name, shape, objects)
    guard let file = dataset?.labelFile(of: name, shape, objects) else { return }
    try AtomicFile.write(file.bytes.span, to: FilePath(text: "\(folder)/\(file.path)"))
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

/// A value of `--format` for new images.
enum PictureFormat: String, CaseIterable, ExpressibleByArgument {
  case jpg, png

  var format: ImageFormat { self == .jpg ? .jpeg : .png }
}
