import CImagingTesting
import Foundation
import Imaging

extension ReferenceCase {
  static let noiseMakers: [String: Maker] = [
    "ISONoise": { reference, image, folder in
      try ISONoise.operation(
        events: reference.rows("events", folder), hue: reference.rows("hue", folder),
        intensity: reference.number("intensity")
      ).applied(to: image)
    },
    "GaussNoise": { try $0.adding($1, $2) },
    "AdditiveNoise": { try $0.adding($1, $2) },
    "SaltAndPepper": { try $0.adding($1, $2) },
    "MultiplicativeNoise": { reference, image, folder in
      guard reference.drawn["noise"] != nil else { return try reference.applied(to: image) }
      return try GivenNoise.multiplying(reference.rows("noise", folder)).applied(to: image)
    },
    "ShotNoise": { reference, _, folder in
      let counts: [Int32] = try reference.rows("counts", folder)
      return Picture.of(
        reference.source, counts.map { cimaging_photon_level($0, reference.number("scale")) })
    },
  ]

  /// With the noise of the case; a constant one is in its draw.
  private func adding(_ image: borrowing PixelBuffer, _ folder: URL?) throws -> PixelBuffer {
    guard drawn["noise"] != nil else { return try applied(to: image) }
    return try GivenNoise.adding(rows("noise", folder)).applied(to: image)
  }
}
