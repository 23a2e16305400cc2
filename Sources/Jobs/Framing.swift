package import Imaging

/// How an image fills a box of other proportions.
package enum Fit: String, CaseIterable, Codable, Hashable, Sendable {
  /// Exactly the box, whatever happens to the proportions.
  case stretch
  /// The largest size of the same proportions inside the box.
  case contain
  /// The whole box, with the middle of the image; the rest is cut off.
  case cover
}

/// Which part of an image is shown, and at what size.
package struct Framing: Hashable, Sendable {
  package let size: ImageSize
  /// In pixels of the full image.
  package let part: ImagePart

  /// An image of size `image` in `box`. Images are enlarged as well as shrunk.
  package init(_ fit: Fit, of image: ImageSize, into box: ImageSize) {
    let (width, height) = (Double(image.width), Double(image.height))
    size = fit == .contain ? image.fitted(into: box) : box
    guard fit == .cover else {
      part = ImagePart(x: 0, y: 0, width: width, height: height)
      return
    }
    let shownWidth = min(width, height * Double(box.width) / Double(box.height))
    let shownHeight = min(height, width * Double(box.height) / Double(box.width))
    part = ImagePart(
      x: (width - shownWidth) / 2, y: (height - shownHeight) / 2, width: shownWidth, height: shownHeight)
  }

  /// Where pixels move, for what follows them.
  var operation: Operation {
    let scale = Point(Double(size.width) / part.width, Double(size.height) / part.height)
    // Edges of the part become edges of the result, and pixel centres lie half a pixel inside.
    let matrix =
      Matrix3.translation(-0.5, -0.5) * .scale(scale.x, scale.y) * .translation(0.5 - part.x, 0.5 - part.y)
    return .geometry(.affine(Projection(matrix, width: size.width, height: size.height)))
  }

  /// The size that an image needs to have for `density` of its pixels in each direction to become one.
  func size(of image: ImageShape, density: Double) -> ImageSize {
    let across = density * Double(size.width) / part.width, down = density * Double(size.height) / part.height
    return ImageSize(
      width: Int((Double(image.width) * across).rounded(.up)), height: Int((Double(image.height) * down).rounded(.up)))
  }
}
