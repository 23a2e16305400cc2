internal import Datasets
internal import Glibc
internal import Platform
internal import ProcPool
internal import SystemPackage

/// Runs a job from tar to tar: unpacks INPUT into a scratch folder, runs from folder to folder as always, packs what came
/// of it, and publishes that at once. The scratch folder goes however the run ends, unless the process is killed.
struct TarSession {
  /// As the user gave them.
  private let input, output: String
  private let tar: TarFlags
  private let flags: RunFlags

  init(input: String, output: String, _ tar: TarFlags, _ flags: RunFlags) {
    (self.input, self.output, self.tar, self.flags) = (input, output, tar, flags)
  }

  /// The run from folder to folder.
  struct FolderRun {
    var input, output: String
    var flags: RunFlags
    var stopSignals: StopSignals
    var names: FolderNames
  }

  /// Makes the session of a run from folder to folder.
  typealias FolderSession = (FolderRun) throws -> JobSession

  func execute(_ session: FolderSession) throws -> ExitStatus {
    Startup.ignoreWriteSignals()
    let source = try Failure.telling { try openInput() }
    let target = try Failure.telling { try openOutput(apartFrom: source) }
    let work = try Failure.telling { try TarWork(stopSignals: StopSignals(), isSandboxed: !flags.noSandbox) }
    let folders = try TarFolders(in: tar.scratch, calling: inputName, outputName)
    defer { folders.remove() }
    try Failure.telling { try work.unpack(source, called: inputName, into: folders.input).tell(of: inputName, flags) }
    let status = try folders.names.naming { try session(folders.run(flags, work)).execute() }
    try work.pack(folders.output, target)
    return status
  }

  private var inputName: String { input == TarFlags.stream ? "standard input" : input }
  private var outputName: String { output == TarFlags.stream ? "standard output" : output }
}

/// The scratch folders of a tar: one that it is unpacked into, and one whose files become the tar that comes of it.
struct TarFolders {
  private let scratch: ScratchFolder
  let input, output: FilePath
  let names: FolderNames

  /// - Parameter parent: where they are made; `nil`: $TMPDIR, or else /tmp.
  init(in parent: String?, calling inputName: String, _ outputName: String) throws(Failure) {
    let scratch = try Failure.telling { try ScratchFolder("tar", in: parent) }
    let (input, output) = (scratch.path.appending("input"), scratch.path.appending("output"))
    (self.scratch, self.input, self.output) = (scratch, input, output)
    names = FolderNames(input: (input.text, inputName), output: (output.text, outputName))
  }

  func remove() { scratch.remove() }

  /// The run from one to the other. The tar is what must last and be new, not they.
  func run(_ flags: RunFlags, _ work: TarWork) -> TarSession.FolderRun {
    var flags = flags
    (flags.record.overwrite, flags.record.durability, flags.record.shard) = (false, .none, nil)
    return TarSession.FolderRun(
      input: input.text, output: output.text, flags: flags, stopSignals: work.stopSignals, names: names)
  }
}

extension TarContents {
  /// Says what a user should know of a tar.
  func tell(of name: String, _ flags: RunFlags) {
    guard !flags.quiet else { return }
    for remark in remarks { Terminal.write("augment-cli: \(Terminal.printable("\(name): \(remark)"))\n") }
  }
}

/// What people call the scratch folders of a run, which nobody knows: its tars.
struct FolderNames {
  let input, output: (path: String, name: String)

  /// A text with the names in place of the paths.
  func named(_ text: String) -> String {
    [input, output].reduce(text) { $0.replacing($1.path, with: $1.name) }
  }

  func naming<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let failure as Failure {
      throw Failure(named(failure.description), failure.status)
    }
  }
}

// MARK: The two ends

extension TarSession {
  private func openInput() throws -> ByteStream {
    let isStream = input == TarFlags.stream
    let source = try isStream ? .standardInput() : ByteStream(reading: FilePath(text: input))
    guard !isStream || !source.isTerminal else {
      throw Failure("standard input is a terminal, and no tar comes from there", .wrongUsage)
    }
    guard source.status?.type != .directory else {
      throw Failure(
        "\(input) is a folder; with --tar INPUT is a tar file. For a folder of tars, run 'augment-cli plan' with --tar, "
          + "and then this with --shard", .wrongUsage)
    }
    return source
  }

  /// Everything that would keep the tar from being written is found before the run.
  private func openOutput(apartFrom source: ByteStream) throws -> TarTarget {
    guard output != TarFlags.stream else {
      let stream = try ByteStream.standardOutput()
      guard !stream.isTerminal else {
        throw Failure("standard output is a terminal, and a tar is not for eyes; name a file as OUTPUT", .wrongUsage)
      }
      return .stream(stream)
    }
    let path = FilePath(text: output)
    guard path.lastComponent?.kind == .regular else { throw Failure("\(output) is no name of a file", .wrongUsage) }
    if let there = try? Folder.working.status(of: path) { try check(there, apartFrom: source) }
    try Folder(making: path.folder.isEmpty ? "." : path.folder).checkWritable()
    let options = AtomicFile.Options(isDurable: flags.durability != .none, mayReplace: flags.overwrite)
    return .file(path, in: .working, options)
  }

  private func check(_ there: Stat, apartFrom source: ByteStream) throws(Failure) {
    if let status = source.status, FileIdentity(status) == FileIdentity(there) {
      throw Failure("\(output) is the input itself: the input is never written to")
    }
    switch there.type {
    case .directory: throw Failure("\(output) is a folder; with --tar OUTPUT is a tar file", .wrongUsage)
    case .regular where flags.overwrite: return
    case .regular: throw Failure("\(output) is there already: name another file, or give --overwrite to replace it")
    default: throw Failure("\(output): not a regular file; - writes to standard output")
    }
  }
}
