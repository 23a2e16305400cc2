import Glibc
import Platform
import SystemPackage

/// A temporary folder for one test, removed with it.
final class Scratch {
  let path: FilePath
  let folder: Folder

  init() throws {
    path = FilePath("/tmp/platform-\(UInt64.random(in: 0 ... .max))")
    try Folder.working.makeFolder(path)
    folder = try Folder(path)
  }

  deinit { try? Folder.working.removeTree(path) }

  func write(_ text: String, to name: FilePath) throws {
    let descriptor = try FileDescriptor.open(
      path.pushing(name), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    try descriptor.closeAfter { _ = try descriptor.writeAll(text.utf8) }
  }

  func text(_ name: FilePath) throws -> String? { try File.text(name, in: folder) }

  func names() throws -> [String] { try folder.names().map(\.text).sorted() }

  func makeFIFO(_ name: String) {
    let status = unsafe mkfifo("\(path)/\(name)", 0o600)
    precondition(status == 0, "the folder is new")
  }

  func link(_ name: String, to target: String) {
    let status = unsafe symlink(target, "\(path)/\(name)")
    precondition(status == 0, "the folder is new")
  }
}
