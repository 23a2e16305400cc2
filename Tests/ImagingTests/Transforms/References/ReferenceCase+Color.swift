import Imaging

extension ReferenceCase {
  static let colorMakers: [String: Maker] = [
    "PlasmaBrightnessContrast": { reference, image, folder in
      try PlasmaBrightnessContrast.operation(
        reference.rows("pattern", folder), brightness: reference.number("brightness"),
        contrast: reference.number("contrast")
      ).applied(to: image)
    },
    "PlasmaShadow": { reference, image, folder in
      try PlasmaShadow.operation(reference.rows("pattern", folder), intensity: reference.number("intensity"))
        .applied(to: image)
    },
    "Superpixels": { reference, image, _ in
      guard let superpixels = try reference.parsed() as? Superpixels else { return PixelBuffer() }
      let painted = reference.drawn["painted"] as? [Int] ?? []
      return try superpixels.operation(painted: painted.map { $0 > 0 }).applied(to: image)
    },
  ]
}
