internal import Datasets
internal import Platform
internal import ProcPool
internal import Strategies
internal import SystemPackage

/// Does shards of a run from tar to tar: each tar as `TarSession` does one on its own, to the same bytes.
struct TarShardSession {
  let what: RunDescription.What
  let input, output: String
  let tar: TarFlags
  let flags: RunFlags

  init(_ what: RunDescription.What, input: String, output: String, _ tar: TarFlags, _ flags: RunFlags) {
    (self.what, self.input, self.output, self.tar, self.flags) = (what, input, output, tar, flags)
  }

  /// Does the shards of a plan.
  func execute(_ plan: ShardPlan, _ session: @escaping TarSession.FolderSession) throws -> ExitStatus {
    Startup.ignoreWriteSignals()
    let begin = Clock.seconds
    let opened = try Failure.telling { try open(plan, session) }
    let progress = ShardProgress(of: opened.plan.slice, in: opened.plan.record, opened.output)
    for problem in progress.failures { opened.tell("\(problem.path): \(problem.reason)") }
    var (heads, failure) = (progress.done, Failure?.none)
    do {
      for shard in progress.missing { heads.append(try opened.make(shard)) }
      try opened.output.finish()
    } catch {
      failure = Failure(of: error)
    }
    let index = ShardIndex(of: opened.plan.file.hash, heads, [], in: opened.plan.record)
    let summary = TarShardSummary(
      index, found: progress.done, isComplete: failure == nil, wallSeconds: Clock.seconds - begin)
    try summary.tell(flags)
    guard let failure else { return index.failures.isEmpty ? .done : .someImagesFailed }
    if !flags.quiet { opened.tell("to go on: \(CommandText.ofThisProcess)") }
    throw failure
  }

  private func open(_ plan: ShardPlan, _ session: @escaping TarSession.FolderSession) throws -> TarShards {
    try plan.check(others: FurtherFiles.hashes(besideTarsOf: what))
    let folder = try plan.open(input)
    let tars = try plan.tars(in: folder, called: input)
    let output = try OutputFolder(sharing: output, for: tars.outputFolders, apartFrom: input, flags.durability)
    let work = try TarWork(stopSignals: StopSignals(), isSandboxed: !flags.noSandbox)
    return TarShards(
      plan: plan, input: folder, tars: tars, output: output, work: work, scratch: tar.scratch, flags: flags,
      session: session)
  }
}

/// The tars of some shards, and all that is needed to work on them.
private struct TarShards {
  let plan: ShardPlan
  let input: Folder
  let tars: [InputTar]
  let output: OutputFolder
  let work: TarWork
  let scratch: String?
  let flags: RunFlags
  let session: TarSession.FolderSession

  func tell(_ text: String) { Terminal.write("augment-cli: \(Terminal.printable(text))\n") }

  /// Makes the tars of a shard, and last its marker.
  func make(_ shard: Int) throws -> ShardManifest.Head {
    let slice = plan.slice
    let entries = try slice.images(of: shard).map { try entry(of: tars[$0], id: slice.firstImage + $0) }
    let manifest = ShardManifest(shard, of: slice.plan, tars: entries)
    try manifest.publish(to: plan.record, output)
    return manifest.head
  }

  private func entry(of tar: InputTar, id: Int) throws -> ManifestEntry {
    do {
      var entry = ManifestEntry(tar, id: id, .made)
      entry.tar = try make(tar)
      entry.product.files = [try FileRecord(tar.output, in: output.folder)]
      return entry
    } catch let fault as TarFault {
      tell("\(fault)")
      if flags.onError == .fail { throw Failure("stopped after the first failure, \(tar.path)") }
      return ManifestEntry(tar, id: id, .failed(fault.reason))
    }
  }

  /// - Throws: a `TarFault` if nothing comes of the tar; anything else is the fault of the machine.
  private func make(_ tar: InputTar) throws -> TarOutcome {
    let folders = try TarFolders(in: scratch, calling: tar.path, tar.output)
    defer { folders.remove() }
    try unpack(tar, into: folders.input)
    let outcome = try work(on: tar, in: folders)
    let options = AtomicFile.Options(isDurable: output.durability == .file)
    try work.pack(folders.output, .file(FilePath(text: tar.output), in: output.folder, options))
    return outcome
  }

  private func unpack(_ tar: InputTar, into folder: FilePath) throws {
    let source: ByteStream
    do throws(FileError) {
      source = try .regular(FilePath(text: tar.path), in: input, unchangedSince: tar.stamp)
    } catch {
      throw TarFault.orFailure(Failure(at: tar.path, error), of: tar.path)
    }
    try work.unpack(source, called: tar.path, into: folder).tell(of: tar.path, flags)
    if let stamp = tar.stamp, source.status.map({ FileStamp($0) }) != stamp {
      throw TarFault(tar: tar.path, FileError(.read, source.path, .changed).reason)
    }
  }

  private func work(on tar: InputTar, in folders: TarFolders) throws -> TarOutcome {
    var session = try session(folders.run(flags, work))
    var tally: RunTally?
    (session.subject, session.takesTally) = (tar.path, { tally = $0 })
    do {
      _ = try folders.names.naming { try session.execute() }
    } catch let failure as Failure where tally == nil {
      // It has not begun: what was in the tar does not suit the job.
      throw TarFault.orFailure(failure, of: tar.path)
    }
    guard let tally else { preconditionFailure("a run that ends without an error has a tally") }
    return TarOutcome(tally)
  }
}

extension TarOutcome {
  /// Of the run from folder to folder.
  fileprivate init(_ tally: RunTally) {
    self.init(failures: tally.problems)
    (images, copies, leftOut) = (tally.plan.images.count, tally.doneCount, tally.labels.omittedCount)
    failed = tally.plan.outputCount - copies - leftOut
  }
}
