import Foundation

/// What lies in a folder, hidden files included: paths with the content of files, the target of links.
struct Tree: Equatable {
  enum Entry: Hashable {
    case folder
    /// The hash is of use within one process only.
    case file(byteCount: Int, hash: Int)
    case link(String)
    case other
  }

  private(set) var entries: [String: Entry] = [:]

  init() {}

  init(of folder: String) {
    let names = FileManager.default.enumerator(atPath: folder)
    while let name = names?.nextObject() as? String { entries[name] = Self.entry("\(folder)/\(name)") }
  }

  var files: Set<String> {
    Set(entries.compactMap { name, entry in if case .file = entry { name } else { nil } })
  }

  /// What a run that ends, however it ends, leaves behind only if it is killed.
  var temporaries: [String] { entries.keys.filter { $0.split(separator: "/").last?.hasPrefix(".augment-") ?? false } }

  /// The same without hidden files.
  var withoutTemporaries: Tree {
    var tree = self
    temporaries.forEach { tree.entries[$0] = nil }
    return tree
  }

  /// Whether all that is here is in `other`, too, and the same.
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
  /// Of the whole content, which `hashValue` is not.
  fileprivate var hash64: Int {
    var hasher = Hasher()
    unsafe withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    return hasher.finalize()
  }
}
