internal import Platform
internal import SystemPackage

extension Folder {
  /// The files in this folder and those below whose names end in one of these extensions, in any case; sorted by their
  /// bytes, hidden ones left out.
  ///
  /// Folders wait in a list and are opened one at a time, so depth costs neither descriptors nor stack; links to
  /// folders are not followed, so there are no cycles.
  func files(withExtensions extensions: Set<String>) throws(FileError) -> [String] {
    var (files, pending): ([String], [FilePath]) = ([], [""])
    while let inner = pending.popLast() {
      let folder = inner.isEmpty ? self : try Folder(inner, in: self)
      for name in try folder.names() {
        guard !name.isHidden else { continue }
        let path = inner.pushing(name)
        let text = path.text
        if text.hasExtension(of: extensions) {
          files.append(text)
        } else if try folder.status(of: name, followsLinks: false).type == .directory {
          pending.append(path)
        }
      }
    }
    return files.sorted { $0.precedes($1) }
  }
}

extension String {
  /// Whether the name ends in one of these, which are in lower case.
  func hasExtension(of extensions: Set<String>) -> Bool {
    guard let dot = utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
    return extensions.contains(self[utf8.index(after: dot)...].lowercased())
  }
}
