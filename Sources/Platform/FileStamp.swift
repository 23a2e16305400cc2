internal import Glibc
package import SystemPackage

/// What shows, without reading a file, that it was not changed.
package struct FileStamp: Codable, Hashable, Sendable {
  package var byteCount: Int
  /// When its content was last written, in nanoseconds since 1970, modulo 2⁶⁴: file systems know years beyond 2262.
  package var modified: Int

  package init(byteCount: Int, modified: Int) { (self.byteCount, self.modified) = (byteCount, modified) }

  package init(_ status: Stat) {
    let time = status.st_mtim
    self.init(byteCount: Int(status.size), modified: time.tv_sec &* 1_000_000_000 &+ time.tv_nsec)
  }
}
