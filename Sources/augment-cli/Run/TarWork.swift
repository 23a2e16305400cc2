internal import Datasets
internal import Glibc
internal import Platform
internal import ProcPool
internal import SystemPackage

/// Where a tar goes.
enum TarTarget {
  case stream(ByteStream)
  case file(FilePath, in: Folder, AtomicFile.Options)
}

/// What is wrong with a tar, and not with the machine.
struct TarFault: Error, CustomStringConvertible {
  let tar: String
  /// A sentence fragment.
  let reason: String

  init(tar: String, _ reason: String) { (self.tar, self.reason) = (tar, reason) }

  /// What a failure to work on a tar is.
  static func orFailure(_ failure: Failure, of tar: String) -> any Error {
    switch failure.status {
    case .runFailed, .wrongUsage:
      let prefix = "\(tar): "
      let text = failure.description
      return TarFault(tar: tar, text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text)
    default: return failure
    }
  }

  var description: String { "\(tar): \(reason)" }
}

/// Unpacks and packs, each in a worker of its own: the parent reacts to stop signals while a pipe blocks the worker, and
/// a tar that crashes libarchive or takes it over costs a worker that can reach the scratch folder alone.
struct TarWork {
  let stopSignals: StopSignals
  private let isSandboxed: Bool

  /// More than any dictionary of a compressor needs that Debian's tools write by default.
  private static let memoryByteCount = 1 << 30

  init(stopSignals: StopSignals, isSandboxed: Bool) {
    (self.stopSignals, self.isSandboxed) = (stopSignals, isSandboxed)
  }

  /// - Parameters:
  ///   - name: of the tar, for messages.
  ///   - path: of a folder that is made.
  /// - Throws: a `TarFault` or a `Failure`.
  func unpack(_ tar: ByteStream, called name: String, into path: FilePath) throws -> TarContents {
    let folder = try Failure.telling(at: path.text) { try Folder(making: path) }
    let reply = try inWorker(confinedTo: isSandboxed ? folder : nil, doing: "cannot be unpacked") {
      // Here and not before the fork: no other process needs it. Libraries may be loaded in a sandbox.
      try TarUnpacking.load()
      return try TarUnpacking.unpack(tar, into: folder)
    }
    guard let failure = reply.failure else { return reply.contents }
    throw TarFault.orFailure(Failure("\(name): \(failure.description)", failure.status), of: name)
  }

  /// Packs a folder; a file appears whole or not at all.
  func pack(_ path: FilePath, _ target: TarTarget) throws(Failure) {
    let packing = try Failure.telling(at: path.text) { try TarPacking(Folder(path)) }
    switch target {
    case .stream(let stream):
      let reply = try inWorker(doing: "the tar cannot be written") {
        try packing.write(stream.write)
        return TarContents()
      }
      if let failure = reply.failure { throw failure }
    case .file(let path, let folder, var options):
      let temporary = AtomicFile.randomName()
      options.temporaryName = temporary
      // A worker that was stopped has left it.
      defer { try? folder.removeFile(path.folder.appending(temporary)) }
      let reply = try inWorker(doing: "\(path.text) cannot be written") { [options] in
        try AtomicFile.write(to: path, in: folder, options, packing.write)
        return TarContents()
      }
      if let failure = reply.failure { throw failure }
    }
  }

  /// What a worker says of its work. It has no enumeration in it, because the worker may be in the wrong hands.
  private struct Reply: Codable {
    var contents = TarContents()
    /// Empty if all went well.
    var problem: [UInt8] = []
    /// 1 if the machine is short of something.
    var isShortage: UInt8 = 0
    /// 1 if the machine lacks something.
    var isLack: UInt8 = 0

    var failure: Failure? {
      guard !problem.isEmpty else { return nil }
      let status: ExitStatus = isShortage == 1 ? .tryAgain : isLack == 1 ? .cannotHere : .runFailed
      return Failure(String(decoding: problem, as: UTF8.self), status)
    }

    init(problem: String) { self.problem = Array(problem.utf8) }

    init(_ body: () throws -> TarContents) {
      do {
        contents = try body()
      } catch {
        let failure = Failure(of: error)
        problem = Array(failure.description.utf8)
        if case .tryAgain = failure.status { isShortage = 1 }
        if case .cannotHere = failure.status { isLack = 1 }
      }
    }
  }

  private func inWorker(
    confinedTo folder: Folder? = nil, doing work: String, _ body: @escaping () throws -> TarContents
  ) throws(Failure) -> Reply {
    var options = PoolOptions(workers: 1)
    options.stopSignals = stopSignals
    (options.decodesErrors, options.maxResultByteCount) = (false, 1 << 20)
    do {
      return try Pool<Int, Reply>.with(
        options, initializer: { _ in Self.enterSandbox(folder) }, body: { _ in Reply(body) }
      ) { pool in try pool.map([0])[0] }
    } catch PoolError.taskFailed(let failure) {
      guard case .workerEnded(let end) = failure.cause else { throw Failure(of: failure) }
      return Reply(problem: "\(work): the process that does it \(end)")
    } catch {
      throw Failure(of: error)
    }
  }

  private static func enterSandbox(_ folder: Folder?) {
    guard let folder else { return }
    var sandbox = Sandbox()
    sandbox.writable = [.descriptor(folder.number)]
    sandbox.memoryByteCount = memoryByteCount
    sandbox.enter()
  }
}
