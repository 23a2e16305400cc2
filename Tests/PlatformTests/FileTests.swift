import Glibc
import Platform
import SystemPackage
import Testing

/// Reading files.
struct FileTests {
  @Test func fileIsReadWholeAndItsHeadByItself() throws {
    let scratch = try Scratch()
    try scratch.write("abcdef", to: "a")
    #expect(try File.read("a", in: scratch.folder) == Array("abcdef".utf8))
    #expect(try File.read("a", in: scratch.folder, limit: 6).count == 6)
    #expect(try File.head("a", in: scratch.folder, count: 2) == Array("ab".utf8))
    #expect(try File.head("a", in: scratch.folder, count: 100).count == 6)
    #expect(try File.readToEnd(scratch.path.appending("a")) == Array("abcdef".utf8))
  }

  /// Each block of a line was searched from its beginning once, which took minutes for the last of these.
  @Test func linesOfAnyLengthAreReadWhole() throws {
    let scratch = try Scratch()
    let lines = ["a", "", String(repeating: "b", count: 3 << 20), "c", String(repeating: "d", count: 128 << 20)]
    try scratch.write(lines.joined(separator: "\n"), to: "lines")
    var (found, ends): ([Int], [Int]) = ([], [])
    try LineReader.forEachLine(of: "lines", in: scratch.folder) { line, end in
      found.append(line.count)
      ends.append(end)
    }
    #expect(found == lines.dropLast().map(\.utf8.count))
    #expect(ends == [2, 3, 3 + (3 << 20) + 1, 3 + (3 << 20) + 3])
  }

  @Test func fileAboveTheLimitIsRefusedWithItsSize() throws {
    let scratch = try Scratch()
    try scratch.write("abcdef", to: "a")
    #expect(throws: FileError(.read, "a", .tooLarge(byteCount: 6, limit: 5))) {
      try File.read("a", in: scratch.folder, limit: 5)
    }
    let path = scratch.path.appending("a")
    #expect(throws: FileError(.read, path, .tooLarge(byteCount: 6, limit: 5))) { try File.readToEnd(path, limit: 5) }
    #expect(throws: FileError.self) { try File.readToEnd("/dev/zero", limit: 100_000) }
  }

  @Test func whatIsNoFileIsRefusedWithoutWaiting() throws {
    let scratch = try Scratch()
    scratch.makeFIFO("fifo")
    try scratch.folder.makeFolder("folder")
    for name in ["fifo", "folder", "/dev/null"] as [FilePath] {
      #expect(throws: FileError(.open, name, .notRegular)) { try File.read(name, in: scratch.folder) }
      #expect(throws: FileError(.open, name, .notRegular)) { try File.head(name, in: scratch.folder, count: 1) }
    }
  }

  /// Nanoseconds since 1970 fill 64 bits in 2262, and most file systems know later years.
  @Test func fileOfALaterCenturyHasAStamp() throws {
    let scratch = try Scratch()
    try scratch.write("abc", to: "a")
    var stamps: Set<FileStamp> = []
    for seconds in [10_413_792_000, 10_413_792_001] {
      let times = [timespec](repeating: timespec(tv_sec: seconds, tv_nsec: 0), count: 2)
      #expect(unsafe utimensat(AT_FDCWD, "\(scratch.path)/a", times, 0) == 0)
      stamps.insert(FileStamp(try scratch.folder.status(of: "a")))
    }
    #expect(stamps.count == 2 && stamps.allSatisfy { $0.byteCount == 3 })
  }

  @Test func missingFileHasNoTextAndAnUnreadableOneIsAnError() throws {
    let scratch = try Scratch()
    #expect(try File.text("missing", in: scratch.folder) == nil)
    try scratch.write("text", to: "a")
    #expect(try File.text("a", in: scratch.folder) == "text")
    #expect(throws: FileError(.open, "a/b", .system(.notDirectory))) { try File.text("a/b", in: scratch.folder) }
    scratch.link("loop", to: "loop")
    #expect(throws: FileError(.open, "loop", .system(.tooManySymbolicLinkLevels))) {
      try File.text("loop", in: scratch.folder)
    }
  }

  /// The first page of a process's memory is never mapped, so reading it is an input/output error.
  @Test func errorInTheMiddleOfAReadIsNoEndOfTheFile() {
    #expect(throws: FileError(.read, "/proc/self/mem", .system(.ioError))) { try File.readToEnd("/proc/self/mem") }
    #expect(Proc.text("/proc/self/mem") == nil)
  }

  @Test func filesThatTheKernelMakesUpAreReadToTheirEnd() throws {
    #expect(try File.readToEnd("/proc/self/maps").last == UInt8(ascii: "\n"))
    #expect(Proc.word("/proc/self/comm")?.isEmpty == false)
    #expect(Proc.statusBytes("VmHWM", ofProcess: "self") ?? 0 > 1 << 20)
    #expect(Proc.value(of: "Pid", in: "/proc/self/status") == "\(getpid())")
    #expect(Proc.fileSystem(of: "/proc/self") == "proc")
    #expect(Proc.text("/proc/nothing") == nil && Proc.fileSystem(of: "/nowhere") == nil)
  }

  @Test func errorTellsPlaceAttemptAndCause() {
    let error = FileError(.open, "in/a.jpg", .system(.permissionDenied))
    #expect(error.description == "in/a.jpg: cannot open: Permission denied" && !error.isShortage)
    #expect(FileError(.write, "", .system(.noSpace)).description == "cannot write: No space left on device")
  }

  @Test func shortagesAreWhatOthersMayGiveBack() {
    let shortages: [Errno] = [
      .noSpace, .diskQuotaExceeded, .tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory,
      .resourceTemporarilyUnavailable,
    ]
    for errno in shortages { #expect(FileError(.write, "a", .system(errno)).isShortage) }
    for errno in [Errno.ioError, .permissionDenied, .readOnlyFileSystem, .fileTooLarge] { #expect(!errno.isShortage) }
    #expect(!FileError(.open, "a", .notRegular).isShortage && !FileError(.lock, "a", .locked).isShortage)
  }
}
