extension RunFolder {
  /// Keeps the timeline of one run in the place of those that were kept of the same strategy on as many ranks.
  func keepTimeline(_ entries: [TimelineEntry], of configuration: Configuration) throws(StudyError) {
    let path = file(TimelineEntry.fileName)
    let kept = try TimelineEntry.rows(text: try text(TimelineEntry.fileName) ?? "", path: path)
    let others = kept.filter { $0.strategy != configuration.strategy || $0.ranks != configuration.ranks }
    try replace(TimelineEntry.fileName, with: TimelineEntry.text(others + entries))
  }
}
