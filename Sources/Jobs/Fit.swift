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

extension Framing {
  /// An image of size `image` in `box`. Images are enlarged as well as shrunk.
  package init(_ fit: Fit, of image: ImageSize, into box: ImageSize) {
    let (width, height) = (Double(image.width), Double(image.height))
    let size = fit == .contain ? image.fitted(into: box) : box
    guard fit == .cover else {
      self.init(ImagePart(x: 0, y: 0, width: width, height: height), to: size)
      return
    }
    let shownWidth = min(width, height * Double(box.width) / Double(box.height))
    let shownHeight = min(height, width * Double(box.height) / Double(box.width))
    let part = ImagePart(
      x: (width - shownWidth) / 2, y: (height - shownHeight) / 2, width: shownWidth, height: shownHeight)
    self.init(part, to: size)
  }
}
