internal import Datasets
internal import Imaging
internal import Platform
internal import ProcPool
internal import Strategies
internal import SystemPackage

/// The images that a study works on, and the folder for what it writes: made at its begin, gone at its end.
struct StudyInputs {
  private static let folderName = ".study"

  private let root: String
  private let input: String?

  init(_ folder: RunFolder, input: String?) { (root, self.input) = (folder.file(Self.folderName), input) }

  /// Where the copies of a cell go: a folder of its own name, which decides where ext4 puts its files.
  func outputFolder(_ cell: Configuration, repetition: Int) -> String {
    "\(root)/\(cell.strategy)-\(cell.ranks)-\(cell.size)-\(cell.saving.rawValue)-\(repetition)"
  }

  /// Where the images of a size are.
  func folder(_ size: ImageSize) -> String { input ?? "\(root)/\(size)" }

  /// Draws the images of every size, unless a folder is given.
  func make(for description: StudyDescription, _ stopSignals: StopSignals?) throws(StudyError) {
    try remove()
    try makeRoot()
    guard input == nil, let pattern = description.pattern.flatMap({ SceneGenerator.Pattern(rawValue: $0) }) else {
      return
    }
    let sizes = Set(description.cells.map(\.size)).sorted { ($0.width, $0.height) < ($1.width, $1.height) }
    let pictures = sizes.flatMap { size in
      (0..<(description.cells.first?.images ?? 0)).map { (size, $0, "\(folder(size))/image\($0).jpg") }
    }
    var options = PoolOptions(workers: min(pictures.count, description.cores))
    options.stopSignals = stopSignals
    do throws(PoolError) {
      _ = try Pool<Int, Int>.map(pictures, options, chunkSize: 1) { size, seed, path in
        let image = SceneGenerator(pattern, seed: UInt64(seed)).generate(width: size.width, height: size.height)
        do {
          try ImageFile.write(image, to: path, as: .jpeg)
        } catch let error as FileError {
          throw StudyError(error)
        } catch {
          throw StudyError("\(path): \(error)")
        }
        return 0
      }
    } catch {
      throw StudyError(error)
    }
  }

  /// Folders in it are spread over the disk by their names (`chattr +T`, where there is such a thing). Else ext4 puts the
  /// files of a cell where those of the one before were, and looks through all that have been removed there in the last
  /// minutes for each new one: after a few cells a thousand small files took six times as long.
  private func makeRoot() throws(StudyError) {
    do throws(FileError) {
      try Folder.working.makeFolder(FilePath(text: root))
    } catch {
      throw StudyError(error)
    }
    _ = Program.find("chattr")?.run(["+T", root])
  }

  func remove() throws(StudyError) { try remove(root) }

  func remove(_ path: String) throws(StudyError) {
    do throws(FileError) {
      try Folder.working.removeTree(FilePath(text: path))
    } catch {
      throw StudyError(error)
    }
  }
}
