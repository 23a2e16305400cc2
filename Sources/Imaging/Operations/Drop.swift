/// An area of the image that is overwritten.
package struct Drop: Sendable {
  /// What labels lose in the area.
  package struct Hiding: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// The area counts as what can no longer be seen of an object.
    package static let visibility = Hiding(rawValue: 1)
    /// Boxes shrink to what is left of them.
    package static let sides = Hiding(rawValue: 2)
    /// Keypoints in the area are lost.
    package static let keypoints = Hiding(rawValue: 4)

    package static let everything: Hiding = [.visibility, .sides, .keypoints]
  }

  /// Writes the image with the area overwritten.
  package var change: Operation.Pixels
  /// The values of the area in masks, one for all channels or one per channel; `nil`: masks stay as they are.
  package var maskFill: [Double]?
  package var hiding: Hiding
  /// Only masks and labels ask for the area.
  private let makeArea: @Sendable () throws(ImagingError) -> PixelArea

  package init(
    _ area: @autoclosure @escaping @Sendable () throws(ImagingError) -> PixelArea, maskFill: [Double]? = nil,
    hiding: Hiding = .everything, change: @escaping Operation.Pixels
  ) {
    (makeArea, self.change, self.maskFill, self.hiding) = (area, change, maskFill, hiding)
  }

  /// In pixels of the image.
  package func area() throws(ImagingError) -> PixelArea { try makeArea() }

  /// The same area of a plane of a mask, overwritten with a value for each of its channels.
  func filling(with values: [UInt8]) throws(ImagingError) -> Operation {
    let area = try area()
    return .pixels { (source, destination) throws(ImagingError) in
      try destination.copy(from: source)
      destination.fill(area, with: values)
    }
  }
}
