internal import Imaging

/// Finds outputs of equal paths among images that come one by one, sorted by path.
///
/// It keeps hashes of the names in the folders that are open, so that neither the number of images nor that of folders
/// costs memory, only the largest folder: 16 to 32 bytes for each name. A hash that occurs twice is a suspicion.
package struct StreamedNames {
  private struct Open {
    let folder: String
    var hashes: Set<Int> = []
  }

  private let naming: any OutputNaming
  private let names: OutputNames
  /// Outputs of an image that are looked at.
  private let numbers: Range<Int>
  /// The folder of the last image, and those above it.
  private var open: [Open] = []

  package init(_ naming: any OutputNaming, _ names: OutputNames) {
    (self.naming, self.names) = (naming, names)
    // Where names can be taken apart again, those of one copy show it for all.
    let isUnchanged = naming.output(0, of: InputImage(path: "a/b.jpg", format: .jpeg), names).path == "a/b.jpg"
    numbers = names.template.separatesCopies && !isUnchanged ? 0..<1 : 0..<naming.outputsPerSource
  }

  /// The outputs of the next image that perhaps have the paths of others.
  package mutating func add(_ image: InputImage) -> [String] {
    let outputs = numbers.map { naming.output($0, of: image, names).path }
    let folder = image.path.parentPath ?? ""
    while let last = open.last, !folder.lies(in: last.folder) { open.removeLast() }
    if open.last?.folder != folder { open.append(Open(folder: folder)) }
    return outputs.filter { !open[open.count - 1].hashes.insert($0.bytesHash).inserted }
  }
}

extension String {
  /// Whether it is a folder, or lies in it; "" is the top.
  fileprivate func lies(in folder: String) -> Bool {
    folder.isEmpty || utf8.elementsEqual(folder.utf8) || utf8.starts(with: "\(folder)/".utf8)
  }

  /// Of the bytes: two encodings of é are two names.
  fileprivate var bytesHash: Int {
    var hasher = Hasher()
    unsafe Array(utf8).withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    return hasher.finalize()
  }
}
