internal import Datasets
internal import Jobs
internal import Platform
internal import Strategies
internal import Studies
internal import SystemPackage

extension JobSession {
  /// Writes the plan of a run that others will work on in shards, unless it is there.
  func plan(shardCount: Int) throws { try plan(description.what.job, shardCount) }

  private func plan(_ job: some Job, _ shardCount: Int) throws {
    try Failure.telling {
      let (run, listing) = try prepare(job)
      guard let output = run.plan.output else { throw Failure("there is nothing to plan without an output") }
      let record = try RunRecord.held(of: output)
      let plan = try PlanFile(
        PlannedWork.job(description.what), for: run.plan, on: listing,
        others: FurtherFiles.hashes(of: run, description.what),
        program: AugmentCLI.programAndBuild, shardCount: shardCount, tars: packing == nil ? nil : .ofShard)
      if RunRecord.exists(in: output.path), !flags.overwrite {
        try plan.refuseAnother(in: record, of: output, listing)
      } else {
        try record.clear()
        try plan.write(to: record, listing, isDurable: output.durability != .none)
      }
      try PlanSummary(plan).tell(isQuiet: flags.quiet, printsJSON: flags.json)
    }
  }

  /// As above, of the images of a list.
  func plan(shardCount: Int, _ list: ImageList) throws { try plan(description.what.job, shardCount, list) }

  private func plan(_ job: some Job, _ shardCount: Int, _ list: ImageList) throws {
    try Failure.telling {
      guard let path = output else { throw Failure("there is nothing to plan without an output") }
      try check(job.labelDemands, nil)
      try refuseLabels(of: job)
      let output = try OutputFolder(path, for: [], apartFrom: input, mayReplace: flags.overwrite, flags.durability)
      let record = try RunRecord.held(of: output)
      let isThere = RunRecord.exists(in: path) && !flags.overwrite
      if !isThere { try record.clear() }
      let plan = try PlanFile(
        PlannedWork.job(description.what), job, description.what.names, on: list, input: realInput,
        to: isThere ? nil : record, program: AugmentCLI.programAndBuild, shardCount: shardCount,
        tars: packing == nil ? nil : .ofShard, isDurable: output.durability != .none)
      if isThere {
        try plan.refuseAnother(in: record, of: path, "the list of images has changed")
      } else {
        try plan.write(to: record, isDurable: output.durability != .none)
      }
      try PlanSummary(plan).tell(isQuiet: flags.quiet, printsJSON: flags.json)
    }
  }

  /// The input folder without links; a URL as it is.
  private var realInput: String {
    get throws(Failure) {
      guard !URLList.isURL(input) else { return input }
      return try Failure.telling(at: input) { try Folder(FilePath(text: input)) }.path.resolved?.text ?? input
    }
  }

  /// A plan of a list knows the images alone.
  private func refuseLabels(of job: some Job) throws {
    guard !ignoresLabels, description.what.labels.needsLabels || !job.referenceFiles.isEmpty else { return }
    let other = URLList.isURL(input) ? "give a folder as INPUT" : "plan without a list"
    throw JobRefusal(
      "\(input): labels and reference images are not looked for with a list of images; leave out the options that need "
        + "them, or \(other)")
  }
}
