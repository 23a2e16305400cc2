import Foundation
import Imaging

extension ReferenceCase {
  static let blurMakers: [String: Maker] = [
    "blur": { reference, image, _ in
      var result = PixelBuffer()
      try result.blur(image, size: reference.drawn["size"] as? Int ?? 0, sigma: reference.number("sigma"))
      return result
    },
    "AdvancedBlur": { reference, image, folder in
      let drawn: AdvancedBlur.Drawn = try reference.decoded()
      return try AdvancedBlur.operation(drawn, noise: reference.rows("noise", folder)).applied(to: image)
    },
  ]
}
