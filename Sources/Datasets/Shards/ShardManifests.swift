internal import Platform
internal import SystemPackage

/// The manifests of shards that a record holds. No name is looked up that its folder does not list: a network file system
/// caches for a minute that a name was not there, though another machine has made it since; a folder is asked for anew
/// whenever it is opened.
struct ShardManifests {
  private let plan: ContentHash
  private let record: Folder
  /// Of the folder that was listed last.
  private var (folder, names): (FilePath?, Set<FilePath>) = (nil, [])

  init(of plan: ContentHash, in record: Folder) { (self.plan, self.record) = (plan, record) }

  /// - Returns: `nil` if there is none of this plan, or it is damaged.
  subscript(shard: Int) -> ShardManifest? {
    mutating get { holds(shard) ? ShardManifest(shard, of: plan, in: record) : nil }
  }

  /// Reads the head alone.
  mutating func head(of shard: Int) -> ShardManifest.Head? {
    holds(shard) ? ShardManifest.head(of: shard, of: plan, in: record) : nil
  }

  /// Ascending shards list each folder once.
  private mutating func holds(_ shard: Int) -> Bool {
    let path = ShardManifest.path(of: shard)
    if path.folder != folder { (folder, names) = (path.folder, record.list(path.folder)) }
    return path.lastComponent.map { names.contains(FilePath(root: nil, [$0])) } ?? false
  }
}

extension Folder {
  /// The names in a folder below this one; none if no list leads there.
  fileprivate func list(_ path: FilePath) -> Set<FilePath> {
    var folder = self
    for name in path.components.map({ FilePath(root: nil, [$0]) }) {
      guard folder.lists(name), let next = try? Folder(name, in: folder) else { return [] }
      folder = next
    }
    return Set((try? folder.names()) ?? [])
  }

  /// As `holds`, without a name being looked up.
  func lists(_ name: FilePath) -> Bool { (try? names())?.contains(name) ?? false }
}
