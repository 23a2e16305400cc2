public import Datasets
public import Imaging

/// The tasks of a run, one image × one copy each, and the files that they make: a pure function of a listing and a few
/// options, the same in every process.
public struct Plan: Sendable {
  /// How copies are made and called.
  public struct Options: Sendable {
    /// Copies of each image.
    public var copies = 5
    /// Whether the image itself is copied, too, byte by byte.
    public var keepsOriginal = false
    /// The format of the copies; `nil`: that of the image.
    public var format: ImageFormat?
    /// Their names.
    public var name: NameTemplate

    /// The defaults, with the given names.
    public init(name: NameTemplate) { self.name = name }
  }

  /// One image × one copy.
  struct PlannedTask {
    var index: Int
    var imageIndex: Int
    /// Number of the copy, from 0; `nil`: the image itself.
    var copy: Int?
    var format: ImageFormat
    /// Relative to the output folder.
    var path: String
  }

  /// Two tasks that would write the same file.
  public struct Collision: Error, Hashable, Sendable, CustomStringConvertible {
    /// The images, relative to the input folder.
    public var first, second: String
    /// The file, relative to the output folder.
    public var output: String

    /// One sentence with the remedy.
    public var description: String {
      if first.hasPrefix("\(output)/") {
        return "\(second) would be written as \(output), which is the folder of \(first): choose another --name"
      }
      let who = first == second ? "two copies of \(first)" : "\(first) and \(second)"
      return "\(who) would both be written as \(output): choose another --name"
        + (first == second ? ", with {copy}" : ", with {ext}, or --format keep")
    }
  }

  /// Where the images are.
  package let input: InputFolder
  /// Where the copies go, once it is open; `nil`: nowhere.
  package var output: OutputFolder?
  /// How the folder for the copies is called.
  public let outputFolder: String
  /// The images, in the order of their paths.
  public let images: [InputImage]
  private let options: Options

  /// A plan for all images of `listing`.
  public init(_ listing: FolderListing, into outputFolder: String, _ options: Options) throws(Collision) {
    precondition(options.copies >= 1, "at least one copy")
    (input, images) = (listing.input, listing.images)
    (self.outputFolder, self.options) = (outputFolder, options)
    try checkNames()
  }

  /// Tasks that one image has.
  public var tasksPerImage: Int { options.copies + (options.keepsOriginal ? 1 : 0) }
  /// Tasks in all.
  public var taskCount: Int { images.count * tasksPerImage }

  /// The image that a task works on.
  public func image(ofTask index: Int) -> InputImage { images[index / tasksPerImage] }

  func imageIndex(ofTask index: Int) -> Int { index / tasksPerImage }

  func tasks(ofImage imageIndex: Int) -> Range<Int> {
    imageIndex * tasksPerImage..<(imageIndex + 1) * tasksPerImage
  }

  /// Path of the file that a task makes, relative to the output folder.
  public func outputPath(ofTask index: Int) -> String { task(index).path }

  func task(_ index: Int) -> PlannedTask {
    let imageIndex = index / tasksPerImage
    let image = images[imageIndex]
    let number = index % tasksPerImage - (options.keepsOriginal ? 1 : 0)
    if number < 0 {
      return PlannedTask(index: index, imageIndex: imageIndex, copy: nil, format: image.format, path: image.path)
    }
    var (stem, ending) = image.stemAndExtension
    let format = options.format ?? image.format
    if options.format != nil { ending = format.fileExtensions[0] }
    let name = options.name.name(stem: stem, copy: number, fileExtension: ending)
    let path = image.path.parentPath.map { "\($0)/\(name)" } ?? name
    return PlannedTask(index: index, imageIndex: imageIndex, copy: number, format: format, path: path)
  }

  /// Removes what a task has left that did not end.
  func removeUnfinished(_ index: Int) { output?.removeUnfinished(index, of: outputPath(ofTask: index)) }

  /// Folders of the tree that the run mirrors, relative; "" for the top.
  public var folders: Set<String> { Set(images.map { $0.path.parentPath ?? "" }) }

  private func checkNames() throws(Collision) {
    let folders = imagesByFolder
    for (_, members) in Dictionary(grouping: images.indices, by: { images[$0].path.parentPath ?? "" }) {
      var owners: [[UInt8]: Int] = [:]  // by bytes: to `String`, two spellings of é are one
      for imageIndex in members {
        for index in imageIndex * tasksPerImage..<(imageIndex + 1) * tasksPerImage {
          let path = task(index).path
          let key = Array(path.utf8)
          guard let other = folders[key] ?? owners.updateValue(imageIndex, forKey: key) else { continue }
          throw Collision(first: images[other].path, second: images[imageIndex].path, output: path)
        }
      }
    }
  }

  /// Every folder below the top on the way to an image, and one image in it.
  private var imagesByFolder: [[UInt8]: Int] {
    var owners: [[UInt8]: Int] = [:]
    for imageIndex in images.indices {
      var folder = images[imageIndex].path.parentPath
      while let path = folder, owners.updateValue(imageIndex, forKey: Array(path.utf8)) == nil {
        folder = path.parentPath
      }
    }
    return owners
  }
}
