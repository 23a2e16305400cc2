/// An embedded colour profile (ICC), of which nothing is read but whose colours it is for.
enum ColorProfile {
  /// `profile` where it is for images of as many channels, and nothing otherwise: the profile of a CMYK image that has
  /// become R, G, B, say.
  static func fitting(_ profile: [UInt8], channels: Int) -> [UInt8] {
    let colorSpace = profile.dropFirst(16).prefix(4)
    return colorSpace.elementsEqual((channels == 1 ? "GRAY" : "RGB ").utf8) ? profile : []
  }
}
