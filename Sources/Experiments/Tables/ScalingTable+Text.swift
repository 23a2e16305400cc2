extension ScalingTable {
  /// The table for a terminal, with a note where ranks shared cores.
  public func text(for description: StudyDescription) -> String {
    let isWeak = description.study == .weak
    var table = TextTable(
      [("ranks", .right)] + (isWeak ? [("size", .right)] : []) + [
        ("ideal s", .right), ("strategy", .left), ("time s", .right), ("least to most", .right), ("speedup", .right),
        ("efficiency", .right),
      ])
    if let baseline {
      table.append(
        ["1"] + (isWeak ? [baseline.cell.size.description] : []) + ["-", baseline.cell.strategy]
          + Self.times(baseline) + ["1.00", "1.00"])
    }
    for entry in entries {
      let derived = [entry.speedup, entry.efficiency].map { $0.map { Number.fixed($0, 2) } ?? "-" }
      table.append(
        [entry.ranksText] + (isWeak ? [entry.summary.cell.size.description] : [])
          + [entry.idealSeconds.map { Number.fixed($0, 2) } ?? "-", entry.summary.cell.strategy]
          + Self.times(entry.summary) + derived)
    }
    return "\(heading(description))\n\n\(table.text)\(footnote(description))"
  }

  private func heading(_ description: StudyDescription) -> String {
    let first = entries.first?.summary.cell ?? baseline?.cell
    let images = first.map { "\($0.images) images, \($0.copies) copies of each" } ?? ""
    let size = description.study == .weak ? "" : first.map { ", \($0.size)" } ?? ""
    let repetitions = Set((entries.map(\.summary) + (baseline.map { [$0] } ?? [])).map(\.rows.count)).sorted()
    let medians = repetitions.map(String.init).joined(separator: " or ")
    let kind = description.study == .weak ? "Weak scaling" : "Strong scaling"
    return "\(kind), saving \(saving.rawValue): \(images)\(size); medians of \(medians)"
  }

  private func footnote(_ description: StudyDescription) -> String {
    guard entries.contains(where: \.isOversubscribed) else { return "" }
    return "  * more ranks than the \(description.cores) cores\n"
  }

  private static func times(_ summary: CellSummary) -> [String] {
    let wall = summary.wallSeconds
    return [Number.fixed(wall.median, 2), "\(Number.fixed(wall.min, 2)) to \(Number.fixed(wall.max, 2))"]
  }
}
