/// An area of the image that is overwritten.
package struct Drop: Sendable {
  /// In pixels of the image.
  package var area: PixelArea
  /// Writes the image with the area overwritten.
  package var change: Operation.Pixels
  /// The values of the area in masks, one for all channels or one per channel; `nil`: masks stay as they are.
  package var maskFill: [Double]?
  /// Whether objects lose what lies in the area.
  package var hidesLabels: Bool

  package init(
    _ area: PixelArea, maskFill: [Double]? = nil, hidesLabels: Bool = true, change: @escaping Operation.Pixels
  ) {
    (self.area, self.change, self.maskFill, self.hidesLabels) = (area, change, maskFill, hidesLabels)
  }
}
