import Foundation
import Imaging
import Testing

/// Which boxes are dropped, and why.
struct BoxFilterTests {
  private func followed(_ width: Double, _ height: Double, visibility: Double = 1) -> FollowedShape {
    FollowedShape(shape: LabelShape(Box(Vertex(3, 4), Vertex(3 + width, 4 + height))), visibility: visibility)
  }

  private func filter(_ change: (inout BoxFilter) -> Void) -> BoxFilter {
    var filter = BoxFilter()
    change(&filter)
    return filter
  }

  @Test func withoutLimitsOnlyWhatHasNoAreaIsDropped() {
    let all = BoxFilter()
    #expect(all.reason(toDrop: followed(0.01, 0.01)) == nil)
    #expect(all.reason(toDrop: followed(0, 5)) == .outside)
    #expect(all.reason(toDrop: FollowedShape(shape: nil, visibility: 0)) == .outside)
  }

  @Test func eachLimitHasItsReason() {
    let cases: [(BoxFilter, FollowedShape, LossReason)] = [
      (filter { $0.minArea = 50 }, followed(7, 7), .tooSmallArea),
      (filter { $0.minWidth = 8 }, followed(7, 90), .tooNarrow),
      (filter { $0.minHeight = 8 }, followed(90, 7), .tooLow),
      (filter { $0.minVisibility = 0.5 }, followed(7, 7, visibility: 0.4), .tooLittleVisible),
      (filter { $0.maxAspect = 3 }, followed(7, 22), .tooElongated),
      (filter { $0.maxAspect = 3 }, followed(22, 7), .tooElongated),
    ]
    for (filter, label, reason) in cases { #expect(filter.reason(toDrop: label) == reason) }
  }

  @Test func whatJustMeetsALimitStays() {
    let limits = filter {
      ($0.minArea, $0.minWidth, $0.minHeight, $0.minVisibility, $0.maxAspect) = (20, 4, 5, 0.25, 1.25)
    }
    #expect(limits.reason(toDrop: followed(4, 5, visibility: 0.25)) == nil)
  }

  /// A box of 160 columns that two crops leave 100 and then 60 of: each leaves more than half, both together do not.
  @Test func albumentationsLooksAtEachStepAlone() throws {
    let crops = [100, 60].map { Operation.geometry(.window(Rectangle(x: 0, y: 0, width: $0, height: 100))) }
    let follower = try LabelFollower(
      operations: crops, from: ImageShape(width: 300, height: 100, channels: 3), keepsSteps: true)
    let label = try follower.follow(LabelShape(Box(.zero, Vertex(160, 50))))
    let half = filter { $0.minVisibility = 0.5 }
    #expect(half.reason(toDrop: label) == .tooLittleVisible)
    #expect(half.compatibleReason(toDrop: label) == nil)
    let most = filter { $0.minVisibility = 0.65 }
    #expect(most.compatibleReason(toDrop: label) == .tooLittleVisible)
  }

  /// Thresholds count in the image of each step there, in the output here.
  @Test func albumentationsCountsPixelsOfEveryStep() throws {
    let resizes = [(30, 20), (300, 200)].map { Operation.geometry(.resize(width: $0.0, height: $0.1)) }
    let follower = try LabelFollower(
      operations: resizes, from: ImageShape(width: 300, height: 200, channels: 3), keepsSteps: true)
    let label = try follower.follow(LabelShape(Box(.zero, Vertex(50, 50))))
    let wide = filter { $0.minWidth = 10 }
    #expect(wide.reason(toDrop: label) == nil)
    #expect(wide.compatibleReason(toDrop: label) == .tooNarrow)
  }

  @Test func filtersSurviveAManifest() throws {
    let limits = filter { ($0.minArea, $0.maxAspect) = (20, 1.25) }
    #expect(try JSONDecoder().decode(BoxFilter.self, from: JSONEncoder().encode(limits)) == limits)
  }
}
