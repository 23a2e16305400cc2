/// The smallest and most elongated boxes that a copy keeps, each in pixels of the copy; `nil`: nobody has said.
package struct BoxLimits: Codable, Hashable, Sendable {
  package var minArea, minVisibility, minWidth, minHeight, maxAspect: Double?

  package init() {}

  /// These, with those of `other` where nothing is said.
  package func completed(by other: BoxLimits) -> BoxLimits {
    var limits = self
    limits.minArea = minArea ?? other.minArea
    limits.minVisibility = minVisibility ?? other.minVisibility
    limits.minWidth = minWidth ?? other.minWidth
    limits.minHeight = minHeight ?? other.minHeight
    limits.maxAspect = maxAspect ?? other.maxAspect
    return limits
  }
}
