import Foundation

/// The contents of a folder by path, hidden files included, records of runs left out: files by size and hash, links by
/// target.
struct Tree: Equatable {
  enum Entry: Hashable {
    case folder
    /// The hash is valid within one process only.
    case file(byteCount: Int, hash: Int)
    case link(String)
    case other
  }

  private(set) var entries: [String: Entry] = [:]

  init() {}

  init(of folder: String) {
    let names = FileManager.default.enumerator(atPath: folder)
    while let name = names?.nextObject() as? String {
      if name.split(separator: "/").contains(".augment") { continue }
      entries[name] = Self.entry("\(folder)/\(name)")
    }
  }

  var files: Set<String> {
    Set(entries.compactMap { name, entry in if case .file = entry { name } else { nil } })
  }

  /// Files that only a killed run may leave behind.
  var temporaries: [String] { entries.keys.filter { $0.split(separator: "/").last?.hasPrefix(".augment-") ?? false } }

  /// The same without temporary files.
  var withoutTemporaries: Tree {
    var tree = self
    temporaries.forEach { tree.entries[$0] = nil }
    return tree
  }

  /// Whether every entry here is in `other` too, with the same content.
  func isPart(of other: Tree) -> Bool { entries.allSatisfy { other.entries[$0.key] == $0.value } }

  subscript(path: String) -> Entry? { entries[path] }

  private static func entry(_ path: String) -> Entry {
    let manager = FileManager.default
    switch (try? manager.attributesOfItem(atPath: path))?[.type] as? FileAttributeType {
    case .typeDirectory: return .folder
    case .typeSymbolicLink: return .link((try? manager.destinationOfSymbolicLink(atPath: path)) ?? "")
    case .typeRegular:
      guard let content = manager.contents(atPath: path) else { return .other }
      return .file(byteCount: content.count, hash: content.hash64)
    default: return .other
    }
  }
}

extension Data {
  /// A hash of the whole content, which `hashValue` is not.
  fileprivate var hash64: Int {
    var hasher = Hasher()
    unsafe withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    return hasher.finalize()
  }
}
