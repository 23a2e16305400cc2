package import Platform
internal import SystemPackage

/// The folder that images come from, held open: it stays the same whatever happens to its path.
///
/// Paths of files are texts as `FilePath.text` makes them, relative to the folder.
package final class InputFolder: Sendable {
  /// As the user called it.
  package let path: String
  let folder: Folder

  package init(_ path: String, _ folder: Folder) { (self.path, self.folder) = (path, folder) }

  /// The whole of a file of at most `limit` bytes.
  package func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    try File.read(FilePath(text: path), in: folder, limit: limit)
  }

  /// The first bytes of a file, at most `count`.
  package func head(_ path: String, count: Int) throws(FileError) -> [UInt8] {
    try File.head(FilePath(text: path), in: folder, count: count)
  }
}
