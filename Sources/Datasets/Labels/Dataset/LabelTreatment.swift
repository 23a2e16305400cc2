package import Imaging

/// What happens to the labels of a run: where they are, and which of them the copies keep.
package struct LabelTreatment: Codable, Hashable, Sendable {
  package var source = Source.input
  /// The format of the copies' labels, by its word; `nil`: that of the source.
  package var outputFormat: String?
  /// Folder of mask images; `nil`: that of the data set's own layout.
  package var masks: String?
  package var options = LabelOptions()
  /// `nil`: nobody has said; they are clipped.
  package var invalidBoxes: InvalidBoxes?
  package var lostBoxes = LostBoxes.keep
  /// Limits that the user has set; the pipeline may set others.
  package var limits = BoxLimits()
  /// Whether visibility is counted from step to step, as in Albumentations, instead of from the original box.
  package var isCompatible = false
  package var flipPairs = FlipPairs.byName
  /// Names of the splits that the job works on; `nil`: `train` if there is one, else all. Images of other splits are
  /// carried over unchanged.
  package var splits: [String]?

  /// Whether the job makes no sense without labels.
  package var isRequired = false

  package init() {}

  /// Whether the user has asked for something that only labels make sense of.
  package var needsLabels: Bool {
    if case .path = source { return true }
    return isRequired || outputFormat != nil || masks != nil || splits != nil && splits != ["all"] || lostBoxes != .keep
      || limits != BoxLimits()
  }

  package enum Source: Codable, Hashable, Sendable {
    /// None are wanted.
    case none
    /// Those that the input holds, if it does.
    case input
    /// Those at a path; the format by its word, or `nil` if it shows.
    case path(String, format: String?)
  }

  /// What becomes of a box that is not inside its image, or is no box at all.
  package enum InvalidBoxes: String, CaseIterable, Codable, Sendable {
    /// Keeps what lies inside the image.
    case clip
    /// Drops the object.
    case drop
    /// The image fails.
    case fail
  }

  /// What becomes of a copy that would lose an object.
  package enum LostBoxes: String, CaseIterable, Codable, Sendable {
    /// It stays, without the object.
    case keep
    /// It is drawn again.
    case retry
    /// It is not made.
    case skip
  }
}
