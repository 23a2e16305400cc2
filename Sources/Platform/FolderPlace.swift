internal import SystemPackage

/// An open folder as another process finds it again: by its path, and only if the same folder lies there.
package struct FolderPlace: Codable, Hashable, Sendable {
  /// As the user gave it; a text as made by `FilePath.text`.
  package let path: String
  private let identity: FileIdentity?

  package init(_ path: String, of folder: Folder) { (self.path, identity) = (path, folder.identity) }

  /// - Throws: `.folderLost` if another folder lies there now.
  package func open() throws(FileError) -> Folder {
    let path = FilePath(text: path)
    let folder = try Folder(path)
    guard folder.identity == identity else { throw FileError(.open, path, .folderLost) }
    return folder
  }
}
