internal import Datasets
internal import Platform
internal import Strategies
internal import SystemPackage

extension TarShardSession {
  /// Writes the plan of a run that others will work on in shards, unless it is there.
  /// - Parameter list: the tars; `nil`: those that lie in the input.
  func plan(shardCount: Int, _ list: ImageList?) throws {
    try Failure.telling {
      let (place, listing) = try tars(list)
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
    }
  }

  /// The tars, and the folder where they are, without links; a URL as it is.
  private func tars(_ list: ImageList?) throws -> (place: String, TarListing) {
    let folder = try URLList.isURL(input) ? nil : inputFolder()
    do {
      let listing = try list.map { try TarListing($0) } ?? folder.map { try TarListing($0) }
      guard let listing, !listing.tars.isEmpty || !listing.problems.isEmpty else {
        throw Failure("\(list?.path ?? input): no tars here; with --tar, shards are of tars, not of single images")
      }
      return (folder?.path.resolved?.text ?? input, listing)
    } catch let collision as Plan.Collision {
      throw Failure("\(collision): rename one of the tars")
    }
  }

  private func inputFolder() throws -> Folder {
    let path = FilePath(text: input)
    guard try Folder.working.status(of: path).type == .directory else {
      throw Failure("\(input) is a file; with --tar, shards are made of a folder of tars", .wrongUsage)
    }
    return try Folder(path)
  }
}
