import Foundation
import Testing

/// Tars that Python's `tarfile` makes and reads, which knows nothing of this program.
enum Tar {
  /// The first Python in PATH; Debian's has `tarfile`.
  static let python: String? = {
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    return folders.map { "\($0)/python3" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// Runs a script in a workspace.
  /// - Returns: what it prints.
  @discardableResult
  static func run(
    _ script: String, in workspace: Workspace, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: try #require(python, sourceLocation: sourceLocation))
    process.arguments = ["-c", prelude + script]
    process.currentDirectoryURL = URL(filePath: workspace.path)
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, sourceLocation: sourceLocation)
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// What a tar holds, in its order, with all fields of its headers that mean something. Not its bytes: versions of
  /// Python fill fields that mean nothing in different ways.
  static func entries(of tar: String, in workspace: Workspace) throws -> String {
    try run(
      #"""
      with tarfile.open("\#(tar)", encoding="utf-8") as tar:
        for entry in tar:
          fields = [entry.name, entry.size, entry.mode, entry.mtime, entry.uid, entry.gid, entry.uname, entry.type]
          print(ascii(fields), hash_of(tar.extractfile(entry).read()))
      """#, in: workspace)
  }

  /// `pack` writes the tar that this program should: names are bytes, sorted, without anything of the machine.
  private static let prelude = #"""
    import hashlib, io, os, tarfile

    def pack(folder, name, mode="w"):
      paths = [os.path.join(above, file) for above, _, files in os.walk(os.fsencode(folder)) for file in files]
      names = sorted(os.path.relpath(path, os.fsencode(folder)) for path in paths)
      with tarfile.open(name, mode, format=tarfile.USTAR_FORMAT, encoding="utf-8", errors="surrogateescape") as tar:
        for path in names:
          if path.startswith(b".augment/"): continue
          with open(os.path.join(os.fsencode(folder), path), "rb") as file: data = file.read()
          add(tar, os.fsdecode(path), data)

    def add(tar, name, data=b"", **fields):
      info = tarfile.TarInfo(name)
      info.size = len(data)
      for key, value in fields.items(): setattr(info, key, value)
      tar.addfile(info, io.BytesIO(data))

    def hash_of(data): return hashlib.sha256(data).hexdigest()

    def made(name="in.tar", **options): return tarfile.open(name, "w", **options)

    image = open("in/image0.jpg", "rb").read() if os.path.exists("in/image0.jpg") else b""

    """#
}

extension Workspace {
  /// A workspace with `in.tar`, which holds `images` images, also in its folder `in`.
  static func withTar(images: Int) throws -> Workspace {
    let workspace = try Workspace(images: images)
    try workspace.addFolder("scratch")
    try workspace.pack("in", "in.tar")
    return workspace
  }

  /// Packs a folder by Python.
  func pack(_ folder: String, _ tar: String, mode: String = "w") throws {
    try Tar.run(#"pack("\#(folder)", "\#(tar)", "\#(mode)")"#, in: self)
  }

  /// Runs `augment` from tar to tar, with three copies and a scratch folder of its own.
  func augmentTar(
    _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Program.Outcome {
    try Program.run(
      ["augment"] + arguments + ["--tar", "--copies", "3", "--scratch", "scratch"], in: self,
      sourceLocation: sourceLocation)
  }

  /// What is left in the scratch folder.
  var scratch: [String] { Array(tree("scratch").entries.keys) }
}
