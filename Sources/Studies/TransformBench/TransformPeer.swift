internal import Imaging
internal import Platform
internal import SystemPackage

/// A program that times the same transforms in another library: it is called as `PROGRAM ARGUMENTS IMAGE REPETITION
/// TRANSFORM…` once for each repetition and prints a line `transform,milliseconds` for each.
package struct TransformPeer: Sendable {
  /// What it is called in rows and tables.
  package var name: String
  private let program: Program
  private let arguments: [String]

  /// A program and the arguments that come first.
  package init(name: String, path: String, arguments: [String]) {
    self.name = name
    program = Program(path: FilePath(text: path))
    self.arguments = arguments
  }

  /// The peer of this repository, where it is the working folder and its Python environment has been made.
  package static var albumentations: TransformPeer? {
    let (python, script) = (".venv/bin/python", "experiments/transforms/bench.py")
    guard FilePath(text: python).isExecutable, Folder.working.holds(FilePath(text: script)) else { return nil }
    return TransformPeer(name: "Albumentations", path: python, arguments: [script])
  }

  /// The peer with an image to work on.
  struct Session {
    let peer: TransformPeer
    let image: String
    let transforms: [String]

    func round(_ repetition: Int) throws(StudyError) -> [TransformTiming] {
      let outcome = peer.program.run(peer.arguments + [image, "\(repetition)"] + transforms)
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

    func end() { try? Folder.working.removeFile(FilePath(text: image)) }
  }

  func begin(with image: borrowing Image, transforms: [String]) throws -> Session {
    let number = String(UInt64.random(in: .min ... .max), radix: 36)
    let path = "\(Program.environment("TMPDIR") ?? "/tmp")/augment-bench-\(number).png"
    var encoder = ImageEncoder()
    let bytes = try encoder.encode(image, as: .png)
    try AtomicFile.write(bytes.span, to: FilePath(text: path))
    return Session(peer: self, image: path, transforms: transforms)
  }
}
