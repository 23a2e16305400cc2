/// A decoded picture: its colours, and its transparency where it has one.
public struct Image: ~Copyable {
  /// Grey or R, G, B.
  public var color: PixelBuffer
  /// One channel of the same width and height; 255 is opaque. Only geometric transforms touch it.
  public var alpha: PixelBuffer?
  /// What its file said besides, to be written back.
  package var metadata = ImageMetadata()

  /// A picture of the given planes.
  public init(color: consuming PixelBuffer, alpha: consuming PixelBuffer? = nil) {
    self.color = color
    self.alpha = alpha
  }

  /// The embedded colour profile (ICC); empty when there is none.
  public var colorProfile: [UInt8] {
    get { metadata.colorProfile }
    set { metadata.colorProfile = newValue }
  }

  /// Takes over all of `other` but its colours.
  public mutating func copyRest(of other: borrowing Image) throws(ImagingError) {
    switch other.alpha {
    case .some(let plane):
      var copy = alpha.take() ?? PixelBuffer()
      try copy.copy(from: plane)
      alpha = consume copy
    case .none: alpha = nil
    }
    metadata = other.metadata
  }

  /// An empty picture, to be decoded into.
  public init() {
    self.init(color: PixelBuffer())
  }
}
