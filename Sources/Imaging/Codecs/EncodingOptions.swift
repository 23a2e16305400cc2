/// How images are written.
package struct EncodingOptions: Codable, Hashable, Sendable {
  /// JPEG quality, 1 to 100.
  package var quality = ImageEncoder.defaultQuality
  /// How the colour differences of a JPEG are stored; `nil`: as those of the source, and 4:2:0 where that was no JPEG.
  package var subsampling: Subsampling?
  /// Which metadata are written.
  package var metadata = MetadataChoice.colour
  /// How exactly JPEG is computed.
  package var jpegDCT = JPEGDCT.exact

  /// As they are unless told otherwise.
  package init(quality: Int = ImageEncoder.defaultQuality) { self.quality = quality }
}

/// How much less of the colour differences than of the brightness a JPEG stores. Another one gives other bytes.
package enum Subsampling: String, CaseIterable, Codable, Hashable, Sendable {
  /// As much of both.
  case full = "444"
  /// Half across.
  case half = "422"
  /// Half across and half down.
  case quarter = "420"
  /// Half down: 4:2:2 of an image that was turned.
  case halfDown = "440"
  /// A quarter across.
  case quarterAcross = "411"
  /// A quarter across and half down.
  case eighth = "410"

  /// Values of brightness for each of a colour difference, across and down.
  var factors: (across: Int32, down: Int32) {
    switch self {
    case .full: (1, 1)
    case .half: (2, 1)
    case .quarter: (2, 2)
    case .halfDown: (1, 2)
    case .quarterAcross: (4, 1)
    case .eighth: (4, 2)
    }
  }

  /// The one with these factors.
  init?(across: Int32, down: Int32) {
    guard let found = Self.allCases.first(where: { $0.factors == (across, down) }) else { return nil }
    self = found
  }
}
