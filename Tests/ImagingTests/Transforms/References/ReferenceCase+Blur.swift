import Imaging

extension ReferenceCase {
  static let blurMakers: [String: Maker] = [
    "blur": { reference, image, _ in
      var result = PixelBuffer()
      try result.blur(image, size: reference.drawn["size"] as? Int ?? 0, sigma: reference.number("sigma"))
      return result
    }
  ]
}
