internal import Datasets
internal import Platform
internal import SystemPackage

/// A folder for copies of the images that failed, so that they can be looked at. The input is never changed.
struct Quarantine {
  private let input: Folder
  private let folder: Folder
  /// As the user gave it.
  private let path: String

  /// - Parameter output: of the run; `nil`: it has none.
  /// - Returns: `nil` if the user wants none.
  init?(_ path: String?, of input: InputFolder, output: String?) throws(Failure) {
    guard let path else { return nil }
    let place = FilePath(text: path)
    (self.path, folder) = (path, try Failure.telling(at: path) { try Folder(making: place) })
    self.input = try Failure.telling(at: input.path) { try Folder(FilePath(text: input.path)) }
    // What lies there would be an image of the next run, or pass for a copy.
    for other in [input.path, output].compactMap({ $0 }) {
      guard let there = FilePath(text: other).resolved, let here = place.resolved else { continue }
      guard !here.starts(with: there), !there.starts(with: here) else {
        throw Failure("--quarantine: \(path) and \(other) lie in one another; name another folder", .wrongUsage)
      }
    }
  }

  /// Copies an image; what cannot be read stays where it is.
  /// - Throws: a failure to write the copy.
  func take(_ image: String) throws(Failure) {
    let source = FilePath(text: image)
    guard let file = try? RegularFile(source, in: input) else { return }
    try Failure.telling(at: "\(path)/\(image)") { try Self.copy(file, to: source, in: folder) }
  }

  private static func copy(_ file: borrowing RegularFile, to path: FilePath, in folder: Folder) throws {
    try AtomicFile.write(to: path, in: folder) { append in
      while true {
        let piece = try file.read(count: 1 << 20)
        if piece.isEmpty { return }
        try append(piece)
      }
    }
  }
}
