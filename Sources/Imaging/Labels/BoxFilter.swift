/// Which boxes are worth keeping, in pixels of the output.
package struct BoxFilter: Codable, Hashable, Sendable {
  /// In square pixels.
  package var minArea = 0.0
  /// The least share of the object that must be left, 0 to 1.
  package var minVisibility = 0.0
  package var minWidth = 0.0
  package var minHeight = 0.0
  /// The longer side divided by the shorter; `nil` for any.
  package var maxAspect: Double?

  package init() {}

  /// Limits that nobody has set let everything pass.
  package init(_ limits: BoxLimits) {
    (minArea, minVisibility) = (limits.minArea ?? 0, limits.minVisibility ?? 0)
    (minWidth, minHeight, maxAspect) = (limits.minWidth ?? 0, limits.minHeight ?? 0, limits.maxAspect)
  }

  /// So that a box which just meets a limit is not lost to rounding; as in Albumentations.
  private static let tolerance = 1e-7

  /// Why a label is lost; `nil` if it is kept. Visibility counts from the original label over all steps.
  package func reason(toDrop followed: FollowedShape) -> LossReason? {
    guard let box = followed.shape?.box else { return followed.isCovered ? .covered : .outside }
    return reason(box) ?? (followed.visibility < minVisibility - Self.tolerance ? .tooLittleVisible : nil)
  }

  /// The same as Albumentations decides: after every step, with the share of the box that this step has left in place
  /// of the visibility. Needs the steps of a follower that keeps them.
  package func compatibleReason(toDrop followed: FollowedShape) -> LossReason? {
    for step in followed.steps {
      guard let inside = step.inside else { return followed.isCovered ? .covered : .outside }
      // A drop counts what it leaves of the box, wherever that lies.
      if let share = step.visibleShare {
        if share * step.whole.area < minArea { return .tooSmallArea }
        if share < minVisibility { return .tooLittleVisible }
      }
      if let reason = reason(inside) { return reason }
      if step.visibleShare != nil { continue }
      let share = inside.area / (step.whole.area + Self.tolerance)
      if share < minVisibility { return .tooLittleVisible }
    }
    return followed.shape.map { reason($0.box) } ?? .outside
  }

  private func reason(_ box: Box) -> LossReason? {
    let (size, tolerance) = (box.size, Self.tolerance)
    if !(box.area >= tolerance) { return .outside }
    if size.x < minWidth - tolerance { return .tooNarrow }
    if size.y < minHeight - tolerance { return .tooLow }
    if box.area < minArea - tolerance { return .tooSmallArea }
    let aspect = max(size.x / (size.y + tolerance), size.y / (size.x + tolerance))
    return maxAspect.map { aspect > $0 } == true ? .tooElongated : nil
  }
}

/// Why a label is not in an output.
package enum LossReason: String, CaseIterable, Codable, Sendable {
  case outside
  /// A drop has overwritten all that was left of it.
  case covered
  case tooSmallArea = "too small an area"
  case tooNarrow = "too narrow"
  case tooLow = "too low"
  case tooLittleVisible = "too little visible"
  case tooElongated = "too elongated"
  /// It was no box of its source, or reached beyond it.
  case invalid
}
