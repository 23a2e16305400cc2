internal import Imaging
internal import Platform
internal import SystemPackage

/// A program that times the same transforms in another library. It is run as `PROGRAM ARGUMENTS FOLDER REPETITION` once
/// per repetition and prints a line `transform,milliseconds` for each transform that it has. The folder holds
/// `image.png`, which it works on, and `transforms.json`: for the name of each transform a pipeline of it alone.
package struct TransformPeer: Sendable {
  /// Name in rows and tables.
  package var name: String
  private let program: Program
  private let arguments: [String]

  /// - Parameter arguments: precede the folder on the command line.
  package init(name: String, path: String, arguments: [String]) {
    self.name = name
    program = Program(path: FilePath(text: path))
    self.arguments = arguments
  }

  /// This repository's peer; `nil` unless the repository is the working folder and has its Python environment.
  package static var albumentations: TransformPeer? {
    let (python, script) = (".venv/bin/python", "experiments/transforms/bench.py")
    guard FilePath(text: python).isExecutable, Folder.working.holds(FilePath(text: script)) else { return nil }
    return TransformPeer(name: "Albumentations", path: python, arguments: [script])
  }

  /// A peer and the files that it works on.
  struct Session {
    let peer: TransformPeer
    let folder: FilePath

    func round(_ repetition: Int) throws(StudyError) -> [TransformTiming] {
      let name = "AUGMENT_INSTRUCTIONS"
      let limit = Program.environment(name).map { ["\(name)=\($0)"] } ?? []
      let outcome = peer.program.run(peer.arguments + [folder.string, "\(repetition)"], environment: limit)
      guard outcome.status == 0 else {
        throw StudyError("\(peer.name) could not be measured: \(outcome.errors.suffix(300))")
      }
      return outcome.text.split(separator: "\n").compactMap { line in
        let fields = line.split(separator: ",")
        guard fields.count == 2, let milliseconds = Double(fields[1]) else { return nil }
        return TransformTiming(
          implementation: peer.name, transform: String(fields[0]), repetition: repetition, milliseconds: milliseconds)
      }
    }

    func end() { try? Folder.working.removeTree(folder) }
  }

  /// Writes the files that the peer works on.
  func begin(with image: borrowing Image, _ transforms: [any Transform.Type]) throws -> Session {
    let number = String(UInt64.random(in: .min ... .max), radix: 36)
    let folder = FilePath(text: "\(Program.environment("TMPDIR") ?? "/tmp")/augment-bench-\(number)")
    try Folder.working.makeFolder(folder)
    var encoder = ImageEncoder()
    let picture = try encoder.encode(image, as: .png)
    try AtomicFile.write(picture.span, to: folder.appending("image.png"))
    let pipelines = transforms.map { "\"\($0.name)\": \(Pipeline(.transform($0.example, p: 1)).serialized)" }
    let text = [UInt8]("{\(pipelines.joined(separator: ",\n"))}\n".utf8)
    try AtomicFile.write(text.span, to: folder.appending("transforms.json"))
    return Session(peer: self, folder: folder)
  }
}
