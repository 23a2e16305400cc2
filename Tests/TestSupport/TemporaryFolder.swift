package import Foundation

/// A temporary folder for one test, removed with it.
package final class TemporaryFolder: Sendable {
  package let url: URL

  package var path: String { url.path(percentEncoded: false) }

  package init() throws {
    // Links are resolved, so that the path is also the one that the kernel tells.
    let parent = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
    url = parent.appending(path: "augment-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
