internal import Datasets
internal import Imaging
internal import Platform
internal import ProcPool
internal import Scenes
internal import Strategies
internal import SystemPackage

/// The input images of a study and the folder for its outputs, made at its start and removed at its end.
struct StudyInputs {
  private static let folderName = ".study"

  private let root: String
  private let input: String?

  init(_ folder: RunFolder, input: String?) { (root, self.input) = (folder.file(Self.folderName), input) }

  /// Where the copies of a cell go. The name is unique per cell, because it decides where ext4 puts the files.
  func outputFolder(_ cell: Configuration, repetition: Int) -> String {
    "\(root)/\(cell.strategy)-\(cell.ranks)-\(cell.size)-\(cell.saving.rawValue)-\(repetition)"
  }

  /// The folder of the images of a size.
  func folder(_ size: ImageSize) -> String { input ?? "\(root)/\(size)" }

  /// Generates the images of every size, unless an input folder is given.
  func make(for description: StudyDescription, _ stopSignals: StopSignals?) throws(StudyError) {
    try remove()
    try makeRoot()
    guard input == nil, let pattern = description.pattern.flatMap({ SceneGenerator.Pattern(rawValue: $0) }) else {
      return
    }
    let sizes = Set(description.cells.map(\.size)).sorted { ($0.width, $0.height) < ($1.width, $1.height) }
    // Labels travel with the images wherever the pattern shows objects.
    let dataset =
      SceneGenerator.classNames(of: pattern).isEmpty
      ? nil : NewDataset(VOCLabels.self, classNames: SceneGenerator.classNames(of: pattern))
    let pictures = sizes.flatMap { size in
      (0..<(description.cells.first?.images ?? 0)).map { number in
        (size, number, folder(size), dataset?.imagePath("image\(number).jpg") ?? "image\(number).jpg")
      }
    }
    var options = PoolOptions(workers: min(pictures.count, description.cores))
    options.stopSignals = stopSignals
    _ = try StudyError.wrapping { () throws(PoolError) in
      try Pool<Int, Int>.map(pictures, options, chunkSize: 1) { size, seed, folder, name in
        let generator = SceneGenerator(pattern, seed: UInt64(seed))
        let image = generator.generate(width: size.width, height: size.height)
        let path = "\(folder)/\(name)"
        do {
          try ImageFile.write(image, to: path, as: .jpeg)
          let objects = generator.objects(width: size.width, height: size.height).map { object in
            LabelledObject(object.className, object.box)
          }
          if let file = dataset?.labelFile(of: name.lastPathComponent, image.color.shape, objects) {
            try AtomicFile.write(file.bytes.span, to: FilePath(text: "\(folder)/\(file.path)"))
          }
        } catch let error as FileError {
          throw StudyError(error)
        } catch {
          throw StudyError("\(path): \(error)")
        }
        return 0
      }
    }
  }

  /// `chattr +T`, if available, spreads its subfolders over the disk by name. Otherwise ext4 puts the files of a cell
  /// where those of the previous one were and, for each new file, scans all files removed there in the last minutes:
  /// after a few cells, a thousand small files took six times as long.
  private func makeRoot() throws(StudyError) {
    try StudyError.wrapping { () throws(FileError) in try Folder.working.makeFolder(FilePath(text: root)) }
    _ = Program.find("chattr")?.run(["+T", root])
  }

  func remove() throws(StudyError) { try remove(root) }

  func remove(_ path: String) throws(StudyError) {
    try StudyError.wrapping { () throws(FileError) in try Folder.working.removeTree(FilePath(text: path)) }
  }
}
