internal import Imaging
internal import ProcPool
internal import Strategies

extension StudyDescription {
  /// In which respect two studies measure different things, told from the kept one to the one that is asked for; `nil`
  /// where they do not.
  public func difference(from kept: StudyDescription) -> String? {
    let pairs: [(name: String, kept: String, asked: String)] = [
      ("study", kept.study.rawValue, study.rawValue),
      ("job", kept.job, job),
      ("input", kept.input ?? "generated images", input ?? "generated images"),
      ("pattern", kept.pattern ?? "none", pattern ?? "none"),
      ("seed", String(kept.seed), String(seed)),
      ("number of repetitions", String(kept.repetitions), String(repetitions)),
      ("state of the page cache", kept.cold ? "cold" : "warm", cold ? "cold" : "warm"),
      (
        "write bandwidth", Self.text(kept.writeBandwidthMegabytesPerSecond), Self.text(writeBandwidthMegabytesPerSecond)
      ),
      ("placement", (kept.placement ?? .none).name ?? "lists", (placement ?? .none).name ?? "lists"),
      ("number of cores", String(kept.cores), String(cores)),
      ("list of strategies", kept.list { $0.strategy }, list { $0.strategy }),
      ("list of ranks", kept.list { String($0.ranks) }, list { String($0.ranks) }),
      ("list of sizes", kept.list { $0.size.description }, list { $0.size.description }),
      ("saving", kept.list { $0.saving.rawValue }, list { $0.saving.rawValue }),
      ("number of images", kept.list { String($0.images) }, list { String($0.images) }),
      ("number of copies", kept.list { String($0.copies) }, list { String($0.copies) }),
    ]
    if let pair = pairs.first(where: { $0.kept != $0.asked }) {
      return "its \(pair.name) is \(pair.kept) and not \(pair.asked)"
    }
    return cells == kept.cells ? nil : "its cells are others"
  }

  /// The values of all cells, each once.
  private func list(_ value: (Configuration) -> String) -> String {
    cells.map(value).reduce(into: [String]()) { known, text in if !known.contains(text) { known.append(text) } }
      .joined(separator: ", ")
  }

  private static func text(_ bandwidth: Double?) -> String { bandwidth.map { "\($0) MB/s" } ?? "that of the disk" }
}
