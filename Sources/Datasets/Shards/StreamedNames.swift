internal import Imaging

/// Finds outputs that have the path of another or of a folder, among images that come one by one, sorted by path.
///
/// It keeps hashes of the names in the folders that are open, so that neither the number of images nor that of folders
/// costs memory, only the largest folder: 16 to 32 bytes for each name. A hash that occurs twice is a suspicion.
package struct StreamedNames {
  private struct Open {
    let folder: String
    /// Hashes of the outputs in it, and of the folders.
    var outputs: Set<Int> = []
    var folders: Set<Int> = []

    /// - Returns: whether another output or a folder perhaps has the name.
    mutating func addOutput(_ name: Int) -> Bool { !outputs.insert(name).inserted || folders.contains(name) }

    /// - Returns: whether an output perhaps has the name.
    mutating func addFolder(_ name: Int) -> Bool {
      folders.insert(name)
      return outputs.contains(name)
    }
  }

  private let naming: any OutputNaming
  private let names: OutputNames
  /// Whether names can be taken apart again; then those of the first copy show it for all.
  private let separatesCopies: Bool
  /// The folder of the last image, and those above it.
  private var open: [Open] = []

  package init(_ naming: any OutputNaming, _ names: OutputNames) {
    (self.naming, self.names) = (naming, names)
    let isUnchanged = naming.output(0, of: InputImage(path: "a/b.jpg", format: .jpeg), names).path == "a/b.jpg"
    separatesCopies = names.template.separatesCopies && !isUnchanged
  }

  /// The outputs of the next image, and the folders that lead to it, that perhaps have the paths of others.
  package mutating func add(_ image: InputImage) -> [String] {
    let outputs = (0..<(separatesCopies ? 1 : naming.outputsPerSource)).map { naming.output($0, of: image, names).path }
    let folders = enter(image.path.parentPath ?? "")
    return folders + outputs.filter { open[open.count - 1].addOutput($0.bytesHash) }
  }

  /// Opens a folder and those above it. Each is a name in the one above.
  private mutating func enter(_ folder: String) -> [String] {
    while let last = open.last, !folder.lies(in: last.folder) { open.removeLast() }
    if open.isEmpty { open.append(Open(folder: "")) }
    var suspects: [String] = []
    while let last = open.last, last.folder.utf8.count < folder.utf8.count {
      let rest = folder.utf8.dropFirst(last.folder.isEmpty ? 0 : last.folder.utf8.count + 1)
      let next = String(folder[..<(rest.firstIndex(of: UInt8(ascii: "/")) ?? folder.endIndex)])
      let name = separatesCopies ? names.template.firstCopy(ofCopy: next) ?? next : next
      if open[open.count - 1].addFolder(name.bytesHash) { suspects.append(next) }
      open.append(Open(folder: next))
    }
    return suspects
  }
}

extension String {
  /// Whether it is a folder, or lies in it; "" is the top.
  func lies(in folder: String) -> Bool {
    folder.isEmpty || utf8.elementsEqual(folder.utf8) || utf8.starts(with: "\(folder)/".utf8)
  }

  /// Of the bytes: two encodings of é are two names.
  fileprivate var bytesHash: Int {
    var hasher = Hasher()
    unsafe Array(utf8).withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    return hasher.finalize()
  }
}
