extension Study {
  /// The tables that answer the question of the study, for a terminal.
  public var text: String {
    var parts: [String] = []
    if description.study == .compare {
      parts = [SavingTable(self)?.text(for: description)].compactMap { $0 }
    } else {
      parts = [Saving.on, .off].compactMap { ScalingTable(self, saving: $0)?.text(for: description) }
    }
    return parts.isEmpty ? "No cell has been measured.\n" : parts.joined(separator: "\n")
  }
}
