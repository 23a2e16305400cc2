package import Platform
package import SystemPackage

/// The folders that links lead to, so that a worker which may read nothing but the folders of its run can follow them.
package struct LinkTargets: Sendable {
  /// Absolute paths without links.
  package private(set) var folders: Set<String> = []
  /// With more, all folders may be read: each costs every worker a rule.
  private static let most = 500

  package init() {}

  /// Notes where a link leads.
  /// - Parameter isFolder: whether to a folder; else to a file, whose folder is noted.
  package mutating func add(_ link: FilePath, in folder: Folder, isFolder: Bool = false) {
    guard let target = folder.path.pushing(link).resolved else { return }
    folders.insert((isFolder ? target : target.folder).text)
    if folders.count > Self.most { folders = ["/"] }
  }

  /// Notes where a file or a folder leads, if it is a link.
  package mutating func add(ifLink path: FilePath, in folder: Folder, isFolder: Bool = false) {
    guard (try? folder.status(of: path, followsLinks: false))?.type == .symbolicLink else { return }
    add(path, in: folder, isFolder: isFolder)
  }
}
