extension RunFolder {
  /// "timeline.csv"
  static let timelineName = "timeline.csv"
  private static let timelineHeader = "strategy,ranks,rank,stage,task,beginSeconds,endSeconds"

  /// Keeps the lines of one run in the place of those that were kept of the same strategy on as many ranks.
  func keepTimeline(_ lines: [String], of cell: Cell) throws(StudyError) {
    let prefix = "\(cell.strategy),\(cell.ranks),"
    let others = (try text(Self.timelineName) ?? "").split(separator: "\n").dropFirst().filter { !$0.hasPrefix(prefix) }
    let all = [Self.timelineHeader] + others.map(String.init) + lines
    try replace(Self.timelineName, with: all.map { "\($0)\n" }.joined())
  }
}
