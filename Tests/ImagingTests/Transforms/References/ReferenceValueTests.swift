import Imaging
import Testing

/// Digests of the results of Albumentations 2.0.8 on the gradient with fixed parameters; of OpenCV 4.6 where 4.6 and
/// 5.0 differ.
struct ReferenceValueTests {
  private func expect<Change: Transform>(
    _ transform: Change, _ drawn: Change.Drawn, digest: String, pixels: [[UInt8]],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try transform.applied(drawn, to: Picture.gradient())
    #expect(MD5.hex(result.bytes) == digest, sourceLocation: sourceLocation)
    for (place, pixel) in zip([(10, 20), (50, 60), (95, 127)], pixels) {
      #expect(result[row: place.0, column: place.1] == pixel, sourceLocation: sourceLocation)
    }
  }

  @Test func theGradientIsTheReferenceImage() {
    #expect(MD5.hex(Picture.gradient().bytes) == "ce7b93c172a18d75982e4b8f5ecfdbd2")
  }

  @Test func flipAndTurnMatch() throws {
    try expect(
      HorizontalFlip(), .init(), digest: "ee15b3f5ddbb7832638313a2627c50eb",
      pixels: [[214, 26, 111], [134, 134, 95], [0, 255, 211]])
    try expect(
      RandomRotate90(), .init(quarters: 1), digest: "5d4054d2ffb0c445d3ab1bd9c88508a6",
      pixels: [[234, 53, 55], [154, 161, 39]])
  }

  @Test func brightnessAndContrastMatch() throws {
    try expect(
      RandomBrightnessContrast(), .init(contrast: 1.2, brightness: 10.0 / 255),
      digest: "c232097e8b54eb424434536f3fe165c1", pixels: [[58, 41, 26], [154, 170, 65], [255, 255, 101]])
  }

  @Test func hueSaturationValueMatches() throws {
    try expect(
      HueSaturationValue(), .init(hue: 15.5, saturation: -20.7, value: 12.3),
      digest: "c2d9cddffe4a8cfc2547b74f12b4f6a9", pixels: [[52, 51, 22], [89, 146, 61], [175, 255, 95]])
  }

  @Test func claheMatches() throws {
    try expect(
      CLAHE(), .init(clipLimit: 3), digest: "f20ffd489b72fe53e7043f39fbb24655",
      pixels: [[38, 26, 14], [121, 135, 47], [254, 255, 77]])
  }

  @Test func gaussianBlurMatches() throws {
    try expect(
      GaussianBlur(), .init(sigma: 1), digest: "647d536e2d6c8683be51b8061e43411c",
      pixels: [[40, 26, 47], [120, 134, 46], [253, 253, 61]])
    try expect(
      GaussianBlur(), .init(sigma: 3), digest: "74c8fbb236e26cad15a27682c4bbf536",
      pixels: [[40, 26, 107], [120, 134, 83], [249, 248, 66]])
  }

  @Test func sharpenMatches() throws {
    try expect(
      Sharpen(), .init(alpha: 0.4, lightness: 0.75), digest: "44312309ea9231872efdf07329bf4ad7",
      pixels: [[36, 22, 0], [108, 122, 41], [233, 237, 116]])
  }

  @Test func gammaMatchesThoughOneIsNoIdentity() throws {
    try expect(
      RandomGamma(), .init(gamma: 0.8), digest: "279c45d269bab78fae4dccfdf300fe8c",
      pixels: [[57, 41, 25], [139, 152, 64], [254, 255, 96]])
    try expect(
      RandomGamma(), .init(gamma: 1), digest: "c4586df1af282eb3a8507eb6f345525f",
      pixels: [[40, 26, 14], [120, 134, 46], [254, 255, 76]])
    try expect(
      RandomGamma(), .init(gamma: 1.2), digest: "558c9276b516da5ba8a2e8f0f83aabaf",
      pixels: [[27, 16, 7], [103, 117, 32], [253, 255, 59]])
  }

  @Test func motionBlurMatches() throws {
    try expect(
      MotionBlur(), .init(size: 7, angle: 30, direction: 0.4), digest: "b26fc3d84ce13676bad8644ca23b1413",
      pixels: [[41, 27, 93], [121, 134, 52], [251, 253, 57]])
  }

  @Test func noiseOfGivenFieldsMatches() throws {
    var (events, hue): ([Int32], [Float]) = ([], [])
    for y in 0..<96 {
      for x in 0..<128 {
        events.append((3 * x + 5 * y) % 11 == 0 ? 1 : 0)
        hue.append(Float(0.02 * sine(0.1 * Double(x) + 0.2 * Double(y))))
      }
    }
    let result = try ISONoise.operation(events: events, hue: hue, intensity: 0.4).applied(to: Picture.gradient())
    #expect(MD5.hex(result.bytes) == "3a76755955f1cba37472e1bb92d6159c")
    #expect(result[row: 10, column: 20] == [175, 114, 61])
  }

  @Test func channelShuffleMatches() throws {
    try expect(
      ChannelShuffle(), .init(order: [2, 0, 1]), digest: "7155e3a7d3975e8088366e38ab4a23bf",
      pixels: [[14, 40, 26], [46, 120, 134], [76, 254, 255]])
  }

  @Test func gridDistortionMatches() throws {
    let drawn = GridDistortion.Drawn(columns: [1.1, 0.9, 1, 1.2, 0.8, 1], rows: [0.9, 1.1, 1.05, 0.95, 1, 1])
    try expect(
      GridDistortion(), drawn, digest: "8011e130760e705361d5a5241f3e10df",
      pixels: [[46, 25, 28], [121, 137, 66], [0, 0, 0]])
    let columns = GridDistortion().coordinates(drawn.columns, length: 128)
    #expect([0, 24, 25, 49, 50, 74, 75, 99].map { columns[$0] } == [0, 27.5, 27.5, 50, 50, 75, 75, 105])
    #expect([100, 124, 125, 127].map { columns[$0] } == [105, 125, 125, 128])
  }

  @Test func opticalDistortionMatches() throws {
    let drawn = OpticalDistortion.Drawn(k: 0.05)
    try expect(
      OpticalDistortion(), drawn, digest: "f3796a2b2ce3ad4293f4f573c63ccafc",
      pixels: [[40, 26, 19], [121, 135, 56], [0, 0, 0]])
    let map = try OpticalDistortion().pointMap(drawn, for: ImageShape(width: 128, height: 96, channels: 3))
    let (first, inside) = (map.coordinates(row: 0)[0], map.coordinates(row: 48)[64])
    #expect(abs(first.x + 1.8239) < 1e-4 && abs(first.y + 1.2384) < 1e-4)
    #expect(abs(inside.x - 64.5) < 1e-4 && abs(inside.y - 48.5) < 1e-4)
  }

  @Test func perspectiveMatches() throws {
    let corners = [(6, 4), (121, 7), (118, 90), (9, 86)].map { Point($0.0, $0.1) }
    try expect(
      Perspective(), .init(corners: corners), digest: "eea71a3dc1942e05f0c94849fce038fd",
      pixels: [[44, 32, 58], [109, 116, 177], [213, 209, 224]])
    let view = try Perspective().pointMap(
      .init(corners: corners), for: ImageShape(width: 128, height: 96, channels: 3))
    let box = [Point(20, 10), Point(60, 10), Point(60, 50), Point(20, 50)].compactMap(view.map)
    let hull = [box.map(\.x).min(), box.map(\.y).min(), box.map(\.x).max(), box.map(\.y).max()].compactMap { $0 }
    for (side, expected) in zip(hull, [15.9358, 5.8767, 67.4097, 60.2922] as [Double]) {
      #expect(abs(side - expected) < 1e-3)
    }
  }
}
