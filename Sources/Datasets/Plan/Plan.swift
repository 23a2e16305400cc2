package import Imaging

/// The tasks of a run, one per image and copy, and their output files: a pure function of a listing, the naming of a
/// job and the user's choices, the same in every process.
package struct Plan: Sendable {
  /// Two tasks that would write the same file, or a task whose file is a folder of another.
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
  /// Sorted by path.
  package let images: [InputImage]
  package let tasksPerImage: Int
  package let names: OutputNames
  private let naming: any OutputNaming

  package init(
    _ listing: FolderListing, _ naming: some OutputNaming, _ names: OutputNames
  ) throws(Collision) {
    precondition(naming.outputsPerSource >= 1, "at least one file comes of each image")
    (input, images) = (listing.input, listing.images)
    (self.naming, self.names) = (naming, names)
    tasksPerImage = naming.outputsPerSource
    try checkNames()
  }

  package var grid: TaskGrid { TaskGrid(imageCount: images.count, tasksPerImage: tasksPerImage) }

  package var taskCount: Int { images.count * tasksPerImage }

  package func image(ofTask index: Int) -> InputImage { images[index / tasksPerImage] }

  /// Path of the task's file, relative to the output folder.
  package func outputPath(ofTask index: Int) -> String { output(ofTask: index).path }

  package func output(ofTask index: Int) -> PlannedOutput {
    let (imageIndex, number) = index.quotientAndRemainder(dividingBy: tasksPerImage)
    let name = naming.output(number, of: images[imageIndex], names)
    return PlannedOutput(
      task: index, imageIndex: imageIndex, number: number, path: name.path, format: name.format)
  }

  /// Removes the temporary file of a task that did not finish.
  package func removeUnfinished(_ index: Int) { output?.removeUnfinished(index, of: outputPath(ofTask: index)) }

  /// Folders of the tree that the run mirrors, relative; "" for the top.
  package var folders: Set<String> { Set(images.map { $0.path.parentPath ?? "" }) }

  private func checkNames() throws(Collision) {
    let folders = imagesByFolder
    for (_, members) in Dictionary(grouping: images.indices, by: { images[$0].path.parentPath ?? "" }) {
      var owners: [[UInt8]: Int] = [:]  // by bytes: `String` treats two encodings of é as equal
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

  /// Every folder below the top that leads to an image, with one image in it.
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

/// The output file of a task.
package struct PlannedOutput: Hashable, Sendable {
  package var task: Int
  package var imageIndex: Int
  /// Index among the outputs of its image, from 0.
  package var number: Int
  /// Relative to the output folder.
  package var path: String
  package var format: ImageFormat
}

/// How many tasks a run has, and which belong to one image: all that a schedule knows of a run.
package struct TaskGrid: Hashable, Sendable {
  package var imageCount: Int
  package var tasksPerImage: Int

  package init(imageCount: Int, tasksPerImage: Int) {
    (self.imageCount, self.tasksPerImage) = (imageCount, tasksPerImage)
  }

  package var taskCount: Int { imageCount * tasksPerImage }

  package func imageIndex(ofTask task: Int) -> Int { task / tasksPerImage }

  package func tasks(ofImage imageIndex: Int) -> Range<Int> {
    imageIndex * tasksPerImage..<(imageIndex + 1) * tasksPerImage
  }
}
