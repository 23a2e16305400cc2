import Foundation
import Imaging

extension ReferenceCase {
  static let noiseMakers: [String: Maker] = [
    "ISONoise": { reference, image, folder in
      try ISONoise.operation(
        events: reference.rows("events", folder), hue: reference.rows("hue", folder),
        intensity: reference.number("intensity")
      ).applied(to: image)
    }
  ]
}
