import Glibc
import Platform
import SystemPackage
import Testing

struct ScratchFolderTests {
  private let scratch: Scratch
  private var parent: String { scratch.path.text }
  private let host = Proc.word("/proc/sys/kernel/hostname") ?? ""

  init() throws { scratch = try Scratch() }

  @Test func folderIsForThisUserAndGoesWithAllThatItHolds() throws {
    do {
      let folder = try ScratchFolder("test", in: parent)
      try AtomicFile.write("text", to: "a/b.txt", in: folder.folder)
      #expect(try Folder.working.status(of: folder.path).permissions == [.ownerReadWriteExecute])
      #expect(try scratch.names() == [folder.path.lastComponent?.string])
    }
    #expect(try scratch.names() == [])
  }

  @Test func nextOneRemovesThoseOfProcessesThatHaveEnded() throws {
    let live = try ScratchFolder("test", in: parent)
    try scratch.folder.makeFolder(FilePath("augment-test-1-a.\(host)/input"))
    let next = try ScratchFolder("test", in: parent)
    #expect(try scratch.names() == [live, next].compactMap { $0.path.lastComponent?.string }.sorted())
    withExtendedLifetime((live, next)) {}
  }

  /// A process that was forked may still write there.
  @Test func lockOutlivesItsProcess() throws {
    try scratch.folder.makeFolder(FilePath("augment-test-1-a.\(host)"))
    let lock = try FolderLock(sharing: Folder(FilePath("augment-test-1-a.\(host)"), in: scratch.folder))
    let next = try ScratchFolder("test", in: parent)
    #expect(try scratch.names().count == 2)
    withExtendedLifetime((lock, next)) {}
  }

  @Test func linksAndFoldersOfOthersStay() throws {
    try scratch.folder.makeFolder("target")
    for name in ["augment-test-1-a.\(host).other", "other-test-1-b.\(host)"] {
      try scratch.folder.makeFolder(FilePath(name))
    }
    #expect(unsafe symlink("target", "\(parent)/augment-test-1-c.\(host)") == 0)
    try scratch.write("text", to: FilePath("augment-test-1-d.\(host)"))
    let before = try scratch.names()
    _ = try ScratchFolder("test", in: parent)
    #expect(try scratch.names() == before)
  }
}
