/// A label after a geometry.
package struct FollowedShape: Hashable, Sendable {
  /// In pixels of the output; `nil` if nothing of it is left there.
  package var shape: LabelShape?
  /// The share of the object's area that no step has cut off: 0 to 1.
  package var visibility: Double
  /// Whether a drop covers all that was left of it.
  package var isCovered = false
  /// Points that were marked and now lie outside, or are covered.
  package var lostKeypoints = 0
  /// Each step up to the one that cut off everything, if the follower was asked to keep them.
  package var steps: [FollowedStep] = []

  package init(shape: LabelShape?, visibility: Double, steps: [FollowedStep] = []) {
    (self.shape, self.visibility, self.steps) = (shape, visibility, steps)
  }
}

/// What one step of a geometry does to a label.
package struct FollowedStep: Hashable, Sendable {
  /// The box of what the step before has left, moved.
  package var whole: Box
  /// The box of what lies in the image; `nil` if nothing does.
  package var inside: Box?
  /// Of the image after this step.
  package var size: ImageSize
  /// The share of the box `whole` that a drop leaves visible; `nil` for other steps.
  package var visibleShare: Double?

  package init(whole: Box, inside: Box?, size: ImageSize) {
    (self.whole, self.inside, self.size) = (whole, inside, size)
  }
}

extension FollowedStep {
  init(whole: Box, inside: Box?, _ step: LabelStep) {
    self.init(whole: whole, inside: inside, size: step.output.size)
    visibleShare = step.hidden?.rest(of: whole).share
  }
}
