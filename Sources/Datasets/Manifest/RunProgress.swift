internal import Platform
internal import SystemPackage

/// What of a plan is done, as its manifest tells and the output folder confirms.
package struct RunProgress: Sendable {
  /// Outputs that are there as they were written, or that are not to be made.
  package private(set) var done: Set<Int> = []
  /// Outputs among them that are not to be made, with the reasons.
  package private(set) var leftOut: [Int: String] = [:]
  /// Outputs that were made, and are not there as they were.
  package private(set) var spoilt: Set<Int> = []
  /// What became of the labels of outputs that are done.
  package private(set) var labels: [Int: LabelOutcome] = [:]
  /// Whether a run has come to its end.
  package private(set) var isFinished = false

  private struct Claim {
    var isMade: Bool
    var byteCount: Int
    /// Whether a power failure may have undone it.
    var isUncertain = false
    var line: ManifestLine?
  }

  /// Reads the manifest of a plan and looks at the outputs.
  /// - Parameter plan: with the folder that it writes to.
  package init(of plan: Plan, in record: RunRecord) throws {
    try self.init(plan.grid.taskCount, in: record, plan.output, needsLines: plan.labels != nil) { id, _ in
      plan.output(numbered: id)?.path
    }
  }

  /// As above, of images that are downloaded: only the manifest knows what each is called.
  package init(ofDownloads count: Int, in record: RunRecord, _ output: OutputFolder) throws {
    try self.init(count, in: record, output, needsLines: true) { _, line in line?.output }
  }

  /// - Parameters:
  ///   - needsLines: whether more of each line is of use than its beginning.
  ///   - name: gets the number of an output, and its line if it was read; `nil`: there is nothing to make.
  private init(
    _ outputCount: Int, in record: RunRecord, _ output: OutputFolder?, needsLines: Bool,
    path name: (Int, ManifestLine?) -> String?
  ) throws {
    guard record.folder.holds(RunRecord.manifestName) else { return }
    var (claims, unsynced): ([Int: Claim], [Int]) = ([:], [])
    var isThisBoot = true
    var durability = Durability.none
    try LineReader.forEachLine(of: RunRecord.manifestName, in: record.folder) { line, _ in
      guard let head = ManifestHead(line) else {
        switch ManifestEvent(line) {
        case .begun(let holder, let wanted): (isThisBoot, durability, isFinished) = (holder.isOfThisBoot, wanted, false)
        case .synced: unsynced.removeAll(keepingCapacity: true)
        case .finished(let files):
          isFinished = files.allSatisfy { output?.byteCount(of: $0.path) == $0.byteCount }
        case nil: break
        }
        return
      }
      let isUncertain = !isThisBoot && durability != .file
      let needsLine = needsLines || isUncertain || head.status != "made"
      // A line that cannot be read is as none: its output is made again.
      let whole = needsLine && head.status != "failed" ? try? ManifestLine(line) : nil
      guard head.status != "failed", !needsLine || whole != nil else { return claims[head.id] = nil }
      claims[head.id] = Claim(isMade: head.status == "made", byteCount: head.byteCount, line: whole)
      if isUncertain { unsynced.append(head.id) }
    }
    for id in unsynced { claims[id]?.isUncertain = true }
    // Neighbours lie in one folder, which the system then finds faster.
    for id in claims.keys.sorted() where id < outputCount {
      guard let claim = claims[id], let path = name(id, claim.line) else { continue }
      guard Self.holds(claim, path, output) else {
        spoilt.insert(id)
        continue
      }
      done.insert(id)
      if !claim.isMade { leftOut[id] = claim.line?.reason ?? "" }
      if let outcome = claim.line?.labels { labels[id] = outcome }
    }
  }

  /// Whether the files of an output are there.
  private static func holds(_ claim: Claim, _ path: String, _ output: OutputFolder?) -> Bool {
    guard claim.isMade else { return true }
    guard let output, output.byteCount(of: path) == claim.byteCount else { return false }
    return (claim.line?.files ?? []).allSatisfy { file in
      output.byteCount(of: file.path) == file.byteCount
        && (!claim.isUncertain || output.record(of: file.path) == file)
    }
  }
}
