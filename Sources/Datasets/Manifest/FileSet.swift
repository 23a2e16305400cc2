package import Platform
internal import SystemPackage

/// Recognises whether files have changed: by their names, sizes and times.
package enum FileSet {
  /// Of the files below a folder that may be labels, or of one file.
  package static func hash(ofLabelsAt path: String) throws(FileError) -> ContentHash {
    try hash(path, LabelPlace.extensions.union(["yaml", "yml"]))
  }

  /// Of the files below a folder that are named like images.
  package static func hash(ofImagesAt path: String) throws(FileError) -> ContentHash {
    try hash(path, FilePath.imageExtensions)
  }

  /// Of these files.
  package static func hash(of paths: [String]) throws(FileError) -> ContentHash {
    var text = ""
    for path in paths { text += line(path, FileStamp(try Folder.working.status(of: FilePath(text: path)))) }
    return ContentHash(of: text)
  }

  private static func hash(_ path: String, _ extensions: Set<String>) throws(FileError) -> ContentHash {
    let place = FilePath(text: path)
    let status = try Folder.working.status(of: place)
    guard status.type == .directory else { return ContentHash(of: line(path.lastPathComponent, FileStamp(status))) }
    let folder = try Folder(place)
    var text = ""
    for file in try folder.files(withExtensions: extensions) {
      text += line(file, FileStamp(try folder.status(of: FilePath(text: file))))
    }
    return ContentHash(of: text)
  }

  private static func line(_ path: String, _ stamp: FileStamp) -> String {
    "\(path)\0\(stamp.byteCount) \(stamp.modified)\n"
  }
}
