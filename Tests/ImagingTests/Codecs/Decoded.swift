import Imaging

/// A decoded image in comparable form.
struct Decoded: Equatable {
  var shape: ImageShape
  var color: [UInt8]
  var alpha: [UInt8]?
  var colorProfile: [UInt8]
  var report: DecodeOutcome

  init(_ bytes: [UInt8], maxPixels: Int = ImageDecoder.defaultMaxPixels) throws(ImagingError) {
    var decoder = ImageDecoder()
    try self.init(bytes, maxPixels: maxPixels, with: &decoder)
  }

  init(_ bytes: [UInt8], maxPixels: Int = ImageDecoder.defaultMaxPixels, with decoder: inout ImageDecoder)
    throws(ImagingError)
  {
    var image = Image()
    report = try decoder.decode(bytes, maxPixels: maxPixels, into: &image)
    (shape, color, colorProfile) = (image.color.shape, image.color.bytes, image.colorProfile)
    alpha =
      switch image.alpha {
      case .some(let plane): plane.bytes
      case .none: nil
      }
  }
}

/// An image with gradients in every channel and nothing that JPEG has trouble with.
func smoothImage(width: Int, height: Int, channels: Int) -> Image {
  Image(color: smoothPixels(width: width, height: height, channels: channels))
}

func smoothPixels(width: Int, height: Int, channels: Int) -> PixelBuffer {
  var pixels = PixelBuffer(ImageShape(width: width, height: height, channels: channels))
  pixels.set(
    (0..<width * height * channels).map { index in
      let (pixel, channel) = (index / channels, index % channels)
      let (row, column) = (pixel / width, pixel % width)
      return UInt8((row * (channel + 1) * 90 / height + column * (3 - channel) * 50 / width) % 256)
    })
  return pixels
}

func encode(
  _ image: borrowing Image, as format: ImageFormat, quality: Int = ImageEncoder.defaultQuality
) throws -> [UInt8] {
  var encoder = ImageEncoder()
  return try encoder.encode(image, as: format, quality: quality)
}

/// Mean absolute difference.
func difference(_ a: [UInt8], _ b: [UInt8]) -> Double {
  let sum = zip(a, b).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
  return Double(sum) / Double(max(1, a.count))
}

/// An EXIF directory with only the orientation.
func exif(orientation: Int) -> [UInt8] {
  [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation), 0, 0, 0, 0, 0, 0]
}

/// `byteCount` bytes that begin like an ICC profile for this colour space.
func profile(_ colorSpace: String, byteCount: Int) -> [UInt8] {
  var bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7) }
  bytes.replaceSubrange(16..<20, with: [UInt8](colorSpace.utf8))
  return bytes
}
