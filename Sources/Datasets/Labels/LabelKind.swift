internal import Imaging

/// What marks the objects of a set, for formats in which all objects of a set are marked in the same way.
package enum LabelKind: Codable, Hashable, Sendable {
  case boxes
  /// Some objects have an outline.
  case outlines
  /// Some objects have points, and at most this many.
  case poses(pointCount: Int)

  package init(of set: LabelSet) {
    let objects = set.images.lazy.flatMap(\.objects)
    let named = set.classes.map { max($0.keypointNames.count, $0.mirroredKeypoints?.count ?? 0) }.max() ?? 0
    let pointCount = objects.reduce(named) { max($0, $1.shape.keypoints.count) }
    if pointCount > 0 {
      self = .poses(pointCount: pointCount)
    } else {
      self = objects.contains { $0.shape.outline != .none } ? .outlines : .boxes
    }
  }
}
