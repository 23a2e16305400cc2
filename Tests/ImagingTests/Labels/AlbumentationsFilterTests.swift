import Imaging
import Testing

/// Which boxes are kept after crops, compared with `BboxParams` of Albumentations 2.0.8.
struct AlbumentationsFilterTests {
  private static func follower(_ reference: KeptBoxes) throws -> LabelFollower {
    try LabelFollower(
      operations: reference.crops.map { .geometry(.window($0)) }, from: reference.shape, keepsSteps: true)
  }

  @Test func countedStepByStepTheSameBoxesAreKept() throws {
    var counts = [true: 0, false: 0]
    for reference in BoxReference.filters {
      let (follower, filter) = (try Self.follower(reference), BoxFilter(reference.thresholds))
      for (box, isKept) in zip(reference.boxes, reference.kept) {
        let reason = filter.compatibleReason(toDrop: try follower.follow(LabelShape(box)))
        #expect((reason == nil) == isKept, "\(reference.crops) \(reference.thresholds): \(box) \(reason as Any)")
        counts[isKept, default: 0] += 1
      }
    }
    #expect(counts.values.allSatisfy { $0 > 300 }, "\(counts)")
  }

  /// Where visibility does not count, both ways of counting are one.
  @Test func withoutALimitOfVisibilityTheSameBoxesAreKept() throws {
    for reference in BoxReference.filters where reference.thresholds["min_visibility"] == nil {
      // Albumentations compares sizes after each crop, too.
      guard reference.crops.count < 2 || reference.thresholds.isEmpty else { continue }
      let (follower, filter) = (try Self.follower(reference), BoxFilter(reference.thresholds))
      for (box, isKept) in zip(reference.boxes, reference.kept) {
        let reason = filter.reason(toDrop: try follower.follow(LabelShape(box)))
        #expect((reason == nil) == isKept, "\(reference.crops) \(reference.thresholds): \(box) \(reason as Any)")
      }
    }
  }

  /// What is left in the end, by what there was in the beginning.
  @Test func visibilityCountsFromTheOriginalBox() throws {
    var (differentCount, filter) = (0, BoxFilter())
    filter.minVisibility = 0.5
    for reference in BoxReference.filters where reference.thresholds == ["min_visibility": 0.5] {
      let follower = try Self.follower(reference)
      for (box, isKept) in zip(reference.boxes, reference.kept) {
        var (shift, window) = (Vertex.zero, Box.whole(reference.shape))
        for crop in reference.crops {
          shift += Vertex(Double(crop.x), Double(crop.y))
          window = Box(shift, shift + Vertex(Double(crop.width), Double(crop.height)))
        }
        let inside = pointwiseMin(box.lowerRight, window.lowerRight) - pointwiseMax(box.upperLeft, window.upperLeft)
        let share = max(inside.x, 0) * max(inside.y, 0) / (box.size.x * box.size.y)
        let followed = try follower.follow(LabelShape(box))
        #expect(abs(followed.visibility - share) < 1e-9, "\(box)")
        #expect((filter.reason(toDrop: followed) == nil) == (share >= 0.5), "\(box)")
        differentCount += (share >= 0.5) == isKept ? 0 : 1
      }
    }
    #expect(differentCount > 0, "no box tells the two ways apart")
  }
}

extension BoxFilter {
  /// - Parameter thresholds: by the names of `BboxParams`.
  fileprivate init(_ thresholds: [String: Double]) {
    self.init()
    minArea = thresholds["min_area"] ?? 0
    minVisibility = thresholds["min_visibility"] ?? 0
    (minWidth, minHeight) = (thresholds["min_width"] ?? 0, thresholds["min_height"] ?? 0)
    maxAspect = thresholds["max_accept_ratio"]
  }
}
