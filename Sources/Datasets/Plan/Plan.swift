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
  /// Labels that follow the images, and where all of them go; `nil`: images alone.
  package let labels: DatasetPlan?
  package let names: OutputNames
  /// What is left to do; `nil`: everything. Tasks are numbered among the images that are left, outputs among all.
  package var remainder: Remainder?
  /// The images that this process is to see to, if others see to the rest; `nil`: all.
  package var part: Range<Int>?
  private let naming: any OutputNaming

  /// - Parameter labels: of this listing.
  package init(
    _ listing: FolderListing, _ naming: some OutputNaming, _ names: OutputNames, labels: DatasetPlan? = nil
  ) throws(Collision) {
    precondition(naming.outputsPerSource >= 1, "at least one file comes of each image")
    (input, images) = (listing.input, listing.images)
    (self.naming, self.names, self.labels) = (naming, names, labels)
    tasksPerImage = naming.outputsPerSource
    try checkNames()
  }

  package var grid: TaskGrid {
    TaskGrid(imageCount: remainder?.images.count ?? images.count, tasksPerImage: tasksPerImage)
  }

  package var taskCount: Int { grid.taskCount }

  package func image(ofTask task: Int) -> InputImage { images[imageIndex(at: task / tasksPerImage)] }

  /// The index of the image at a place among those that are left.
  package func imageIndex(at position: Int) -> Int { remainder?.images[position] ?? position }

  /// The images that this process is to see to.
  package var ownImages: Range<Int> { part ?? images.indices }

  /// The number of outputs of these images: that of all tasks, but for images that are carried over once instead of
  /// worked on.
  package var outputCount: Int { outputCount(of: ownImages) }

  package func outputCount(of images: Range<Int>) -> Int {
    let carriedCount = labels.map { labels in images.count { labels.isCarriedOver($0) } } ?? 0
    return images.count * tasksPerImage - carriedCount * (tasksPerImage - 1)
  }

  /// Path of the task's file, relative to the output folder; `nil` if it makes none.
  package func outputPath(ofTask task: Int) -> String? { output(ofTask: task)?.path }

  /// The output of a task; `nil` if there is nothing to make. Images have equally many tasks, and schedules know no
  /// exceptions.
  package func output(ofTask task: Int) -> PlannedOutput? {
    let number = number(ofTask: task)
    guard remainder?.done.contains(number) != true, var output = output(numbered: number) else { return nil }
    output.task = task
    return output
  }

  /// The number of a task's output in the whole plan: that of its image times the outputs of an image, plus its own.
  package func number(ofTask task: Int) -> Int {
    let (position, number) = task.quotientAndRemainder(dividingBy: tasksPerImage)
    return imageIndex(at: position) * tasksPerImage + number
  }

  /// An output of the whole plan. An image that is carried over has one; further numbers stand for nothing.
  package func output(numbered index: Int) -> PlannedOutput? {
    let (imageIndex, number) = index.quotientAndRemainder(dividingBy: tasksPerImage)
    let (image, isCarriedOver) = (images[imageIndex], labels?.isCarriedOver(imageIndex) ?? false)
    if isCarriedOver && number > 0 { return nil }
    let name =
      isCarriedOver
      ? OutputName(path: image.path, format: .image(image.format)) : naming.output(number, of: image, names)
    return PlannedOutput(
      task: index, imageIndex: imageIndex, number: number,
      path: labels?.layout.path(of: name.path, imageIndex: imageIndex) ?? name.path, format: name.format,
      isCarriedOver: isCarriedOver)
  }

  /// Removes the temporary files of a task that did not finish.
  package func removeUnfinished(_ index: Int) {
    guard let output, let planned = self.output(ofTask: index) else { return }
    for path in [planned.path] + companions(of: planned) { output.removeUnfinished(index, of: path) }
  }

  /// Files that a task writes beside its image, relative to the output folder.
  package func companions(of output: PlannedOutput) -> [String] {
    guard let labels else { return [] }
    return (labels.labelPath(of: output).map { [$0] } ?? []) + labels.masks(of: output).map(\.outputPath)
  }

  /// Folders of the tree that the run writes, relative; "" for the top.
  package var folders: Set<String> {
    guard labels != nil else { return Set(images.map { $0.path.parentPath ?? "" }) }
    var folders: Set<String> = []
    for imageIndex in images.indices {
      guard let output = output(numbered: imageIndex * tasksPerImage) else { continue }
      for path in [output.path] + companions(of: output) { folders.insert(path.parentPath ?? "") }
    }
    return folders
  }

  private func checkNames() throws(Collision) {
    if labels == nil {
      var streamed = StreamedNames(naming, names)
      if images.allSatisfy({ streamed.add($0).isEmpty }) { return }
    }
    try compareNames()
  }

  /// As above, for sure, at some cost in time and memory.
  private func compareNames() throws(Collision) {
    let folders = imagesByFolder
    for (_, members) in Dictionary(grouping: images.indices, by: { nameGroup($0) }) {
      var owners: [[UInt8]: Int] = [:]  // by bytes: `String` treats two encodings of é as equal
      for imageIndex in members {
        for number in grid.tasks(ofImage: imageIndex) {
          guard let output = output(numbered: number) else { continue }
          for path in [output.path] + companions(of: output) {
            let key = Array(path.utf8)
            guard let other = folders[key] ?? owners.updateValue(imageIndex, forKey: key) else { continue }
            throw Collision(first: images[other].path, second: images[imageIndex].path, output: path)
          }
        }
      }
    }
  }

  /// Images whose outputs may have equal paths: those of one folder. One set of names at a time costs less memory.
  private func nameGroup(_ imageIndex: Int) -> String { outputFolder(ofImage: imageIndex) ?? "" }

  /// The folder of an image's outputs, relative; `nil` for the top.
  private func outputFolder(ofImage imageIndex: Int) -> String? {
    // Without labels the tree is that of the input.
    guard labels != nil else { return images[imageIndex].path.parentPath }
    return output(numbered: imageIndex * tasksPerImage)?.path.parentPath
  }

  /// Every folder below the top that leads to an output, with an image of one.
  private var imagesByFolder: [[UInt8]: Int] {
    var owners: [[UInt8]: Int] = [:]
    for imageIndex in images.indices {
      var folder = outputFolder(ofImage: imageIndex)
      while let path = folder, owners.updateValue(imageIndex, forKey: Array(path.utf8)) == nil {
        folder = path.parentPath
      }
    }
    return owners
  }
}

extension Plan {
  /// What is left of a plan that is done in part.
  package struct Remainder: Codable, Hashable, Sendable {
    /// Indices of the images that have outputs to be made, ascending.
    package var images: [Int]
    /// Numbers of the outputs that are not to be made again.
    package var done: Set<Int>

    package init(images: [Int], done: Set<Int>) { (self.images, self.done) = (images, done) }
  }

  /// What is left when some outputs are done.
  package func remainder(without done: Set<Int>) -> Remainder {
    let left = images.indices.filter { imageIndex in
      let first = imageIndex * tasksPerImage
      let count = labels?.isCarriedOver(imageIndex) == true ? 1 : tasksPerImage
      return (first..<first + count).contains { !done.contains($0) }
    }
    return Remainder(images: left, done: done)
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
  package var format: OutputFormat
  /// Whether it is the source itself, unchanged, because its part of the data set is not worked on.
  package var isCarriedOver = false
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
