internal import Datasets
internal import Platform
internal import Strategies
internal import Studies
internal import SystemPackage

extension TarShardSession {
  /// Writes the plan of a run that others will work on in shards, unless it is there, or there are no tars to work on.
  /// - Parameter list: the tars; `nil`: those that lie in the input.
  /// - Returns: whether there are tars.
  func plan(shardCount: Int, _ list: ImageList?) throws -> Bool {
    try Failure.telling {
      guard let (place, listing) = try tars(list) else { return false }
      tellOthers(of: listing)
      let output = try OutputFolder(
        output, for: listing.tars.outputFolders, apartFrom: input, mayReplace: flags.overwrite, flags.durability)
      let record = try RunRecord.held(of: output)
      let plan = try PlanFile(
        PlannedWork.job(what), on: listing, input: place,
        others: FurtherFiles.hashes(besideTarsOf: what), program: AugmentCLI.programAndBuild, shardCount: shardCount)
      if RunRecord.exists(in: output.path), !flags.overwrite {
        try plan.refuseAnother(in: record, of: output.path, "the tars of the input have changed")
      } else {
        try record.clear()
        try plan.write(to: record, listing, isDurable: output.durability != .none)
      }
      try PlanSummary(plan).tell(isQuiet: flags.quiet, printsJSON: flags.json)
      return true
    }
  }

  private func tellOthers(of listing: TarListing) {
    guard listing.otherCount > 0, !flags.quiet else { return }
    let others = NumberText.counted(listing.otherCount, "other file")
    Terminal.write("augment-cli: \(Terminal.printable(input)): \(others) beside the tars left out\n")
  }

  /// The tars, and the folder where they are, without links; a URL as it is. `nil` if there are none.
  private func tars(_ list: ImageList?) throws -> (place: String, TarListing)? {
    let folder = try URLList.isURL(input) ? nil : inputFolder()
    do {
      let listing: TarListing?
      if let list {
        listing = try list.beginsWithTar ? TarListing(list) : nil
      } else {
        listing = try folder.map { try TarListing($0) }
      }
      guard let listing, !listing.tars.isEmpty || !listing.problems.isEmpty else { return nil }
      return (folder?.path.resolved?.text ?? input, listing)
    } catch let collision as Plan.Collision {
      throw Failure("\(collision): rename one of the tars")
    }
  }

  /// `nil` if it is a single image.
  private func inputFolder() throws -> Folder? {
    let path = FilePath(text: input)
    if try Folder.working.status(of: path).type == .directory { return try Folder(path) }
    guard InputTar(path: input) == nil else {
      throw Failure("\(input) is a tar by itself; with --tar, shards are made of a folder of tars", .wrongUsage)
    }
    return nil
  }
}
