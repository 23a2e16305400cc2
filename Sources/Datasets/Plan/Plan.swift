package import Imaging

/// The tasks of a run, one image × one copy each, and the files that they make: a pure function of a listing, the naming
/// of a job and what a person wants of it, the same in every process.
package struct Plan: Sendable {
  /// Two tasks that would write the same file, or one whose file is the folder of another.
  package struct Collision: Error, Hashable, Sendable, CustomStringConvertible {
    /// The images, relative to the input folder.
    package var first, second: String
    /// The file, relative to the output folder.
    package var output: String

    package var isOfOneImage: Bool { first == second }
    package var isFolder: Bool { first.hasPrefix("\(output)/") }

    package var description: String {
      if isFolder { return "\(second) would be written as \(output), which is the folder of \(first)" }
      return "\(isOfOneImage ? "two copies of \(first)" : "\(first) and \(second)") would both be written as \(output)"
    }
  }

  package let input: InputFolder
  /// Where the copies go, once it is open; `nil`: nowhere.
  package var output: OutputFolder?
  /// In the order of their paths.
  package let images: [InputImage]
  package let tasksPerImage: Int
  private let naming: any OutputNaming
  private let names: OutputNames

  /// A plan for all images of `listing`.
  package init(
    _ listing: FolderListing, _ naming: some OutputNaming, _ names: OutputNames
  ) throws(Collision) {
    precondition(naming.outputsPerSource >= 1, "at least one file comes of each image")
    (input, images) = (listing.input, listing.images)
    (self.naming, self.names) = (naming, names)
    tasksPerImage = naming.outputsPerSource
    try checkNames()
  }

  /// How many tasks there are, and of which images.
  package var grid: TaskGrid { TaskGrid(imageCount: images.count, tasksPerImage: tasksPerImage) }

  package var taskCount: Int { images.count * tasksPerImage }

  /// The image that a task works on.
  package func image(ofTask index: Int) -> InputImage { images[index / tasksPerImage] }

  /// Path of the file that a task makes, relative to the output folder.
  package func outputPath(ofTask index: Int) -> String { output(ofTask: index).path }

  package func output(ofTask index: Int) -> PlannedOutput {
    let (imageIndex, number) = index.quotientAndRemainder(dividingBy: tasksPerImage)
    let name = naming.output(number, of: images[imageIndex], names)
    return PlannedOutput(
      task: index, imageIndex: imageIndex, number: number, path: name.path, format: name.format)
  }

  /// Removes what a task has left that did not end.
  package func removeUnfinished(_ index: Int) { output?.removeUnfinished(index, of: outputPath(ofTask: index)) }

  /// Folders of the tree that the run mirrors, relative; "" for the top.
  package var folders: Set<String> { Set(images.map { $0.path.parentPath ?? "" }) }

  private func checkNames() throws(Collision) {
    let folders = imagesByFolder
    for (_, members) in Dictionary(grouping: images.indices, by: { images[$0].path.parentPath ?? "" }) {
      var owners: [[UInt8]: Int] = [:]  // by bytes: to `String`, two spellings of é are one
      for imageIndex in members {
        for task in grid.tasks(ofImage: imageIndex) {
          let path = outputPath(ofTask: task)
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

/// A file that a task makes.
package struct PlannedOutput: Hashable, Sendable {
  package var task: Int
  package var imageIndex: Int
  /// Among the outputs of its image, from 0.
  package var number: Int
  /// Relative to the output folder.
  package var path: String
  package var format: ImageFormat
}
