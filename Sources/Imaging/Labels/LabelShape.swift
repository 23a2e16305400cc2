/// What a label marks in an image, in pixels between corners: its box, and where there are any its outline and points.
package struct LabelShape: Codable, Hashable, Sendable {
  package var box: Box
  package var outline: Outline
  package var keypoints: [Keypoint]

  package init(_ box: Box, outline: Outline = .none, keypoints: [Keypoint] = []) {
    (self.box, self.outline, self.keypoints) = (box, outline, keypoints)
  }
}

/// Which pixels belong to an object, more exactly than its box says.
package enum Outline: Codable, Hashable, Sendable {
  /// The box is all there is.
  case none
  /// Closed lines without the repeated last corner; what an odd number of them encloses belongs to the object.
  case polygons([[Vertex]])
  /// Pixel by pixel, in an image of the mask's size.
  case mask(RunLengths)

  /// The polygons; empty if there are none.
  package var polygons: [[Vertex]] {
    if case .polygons(let polygons) = self { polygons } else { [] }
  }
}

/// A point of an object, such as an elbow.
package struct Keypoint: Codable, Hashable, Sendable {
  package enum Visibility: Int, Codable, Sendable {
    /// Nobody has marked it; its position means nothing.
    case unlabelled = 0
    /// Marked, and hidden by something.
    case hidden = 1
    case visible = 2
  }

  package var position: Vertex
  package var visibility: Visibility

  package init(_ position: Vertex, _ visibility: Visibility = .visible) {
    (self.position, self.visibility) = (position, visibility)
  }
}

/// A mask as the lengths of its runs, column by column from the left; the first run, perhaps of length 0, is outside.
package struct RunLengths: Codable, Hashable, Sendable {
  package let width, height: Int
  package let counts: [Int]

  /// `nil` unless the runs are not negative and fill the mask.
  package init?(width: Int, height: Int, counts: [Int]) {
    guard width >= 0, height >= 0, counts.allSatisfy({ $0 >= 0 }) else { return nil }
    let (pixelCount, isTooLarge) = width.multipliedReportingOverflow(by: height)
    var sum = 0
    for count in counts {
      let (next, isOver) = sum.addingReportingOverflow(count)
      if isOver { return nil }
      sum = next
    }
    guard !isTooLarge, sum == pixelCount else { return nil }
    (self.width, self.height, self.counts) = (width, height, counts)
  }

  /// Runs that are known to fill the mask.
  init(unchecked width: Int, _ height: Int, _ counts: [Int]) {
    (self.width, self.height, self.counts) = (width, height, counts)
  }

  /// The number of pixels inside.
  package var area: Int { stride(from: 1, to: counts.count, by: 2).reduce(0) { $0 + counts[$1] } }
}
