/// A decoded image: colours, optional alpha and metadata.
package struct Image: ~Copyable {
  /// Grey or R, G, B.
  package var color: PixelBuffer
  /// One channel of the same width and height; 255 is opaque. Only geometric transforms change it.
  package var alpha: PixelBuffer?
  /// The metadata of its file, to be written with copies.
  package var metadata = ImageMetadata()
  /// Set if the image was decoded smaller than it is in its file.
  package var reduction: Reduction?

  package init(color: consuming PixelBuffer, alpha: consuming PixelBuffer? = nil) {
    self.color = color
    self.alpha = alpha
  }

  /// The embedded ICC profile; empty if there is none.
  package var colorProfile: [UInt8] {
    get { metadata.colorProfile }
    set { metadata.colorProfile = newValue }
  }

  /// Shape of the image in its file, upright, whatever size it was decoded at.
  package var fullShape: ImageShape {
    guard let size = reduction?.fullSize else { return color.shape }
    return color.shape.sized(size.width, size.height)
  }

  /// Copies alpha and metadata of `other`.
  package mutating func copyRest(of other: borrowing Image) throws(ImagingError) {
    switch other.alpha {
    case .some(let plane):
      var copy = alpha.take() ?? PixelBuffer()
      try copy.copy(from: plane)
      alpha = consume copy
    case .none: alpha = nil
    }
    metadata = other.metadata
  }

  /// An empty image to decode into.
  package init() {
    self.init(color: PixelBuffer())
  }
}

/// Width and height in pixels; both 0 for images of any size.
package struct ImageSize: Hashable, Codable, Sendable, BitwiseCopyable, CustomStringConvertible {
  package var width, height: Int

  package init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

  /// Images of any size, as found in a folder.
  package static let asTheyAre = ImageSize(width: 0, height: 0)

  /// Parses "2000x1000"; `nil` if malformed or out of range.
  package init?(_ text: String) {
    let numbers = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let width = numbers[0], let height = numbers[1] else { return nil }
    // JPEG limits each side to 65,500 pixels.
    guard (1...65_000).contains(width), (1...65_000).contains(height) else { return nil }
    self.init(width: width, height: height)
  }

  /// "2000x1000", or "as they are".
  package var description: String { self == .asTheyAre ? "as they are" : "\(width)x\(height)" }

  package var pixelCount: Int { width * height }

  /// The largest size of the same proportions that fits into `box`, with the other side rounded to whole pixels, at
  /// least one.
  package func fitted(into box: ImageSize) -> ImageSize {
    let isWide = width * box.height > height * box.width
    let side = isWide ? height * box.width : width * box.height
    let rounded = max(1, (2 * side + (isWide ? width : height)) / (2 * (isWide ? width : height)))
    return isWide ? ImageSize(width: box.width, height: rounded) : ImageSize(width: rounded, height: box.height)
  }
}
