import Foundation
import Imaging

extension ReferenceCase {
  static let blurMakers: [String: Maker] = [
    "blur": { reference, image, _ in
      var result = PixelBuffer()
      try result.blur(image, size: reference.drawn["size"] as? Int ?? 0, sigma: reference.number("sigma"))
      return result
    },
    "GlassBlur": { reference, image, folder in
      guard let glass = try reference.parsed() as? GlassBlur else { return PixelBuffer() }
      return try glass.operation(moves: reference.rows("moves", folder)).applied(to: image)
    },
    "AdvancedBlur": { reference, image, folder in
      let drawn: AdvancedBlur.Drawn = try reference.decoded()
      return try AdvancedBlur.operation(drawn, noise: reference.rows("noise", folder)).applied(to: image)
    },
  ]
}
