/// One line of the table of classes that 2.0.8 no longer has: what does the same there.
package struct LegacyClass: Sendable {
  package let name: String
  /// Its name in 2.0.8.
  package let successor: String
  /// How its keys are translated beyond `LegacyParameter`.
  package private(set) var parameters: [LegacyParameter] = []
  /// Keys whose values its name implies, as JSON would write them.
  var implied: [(key: String, value: ConfigValue.Content)] = []
  /// What differs, as a sentence fragment; none: nothing that one would see.
  var difference: String?

  static func named(_ name: String) -> LegacyClass? { all.first { $0.name == name } }

  package static let all: [LegacyClass] = [
    LegacyClass(
      name: "RandomBrightness", successor: "RandomBrightnessContrast",
      parameters: [.renamed("limit", to: "brightness_limit", of: [])],
      implied: [("contrast_limit", .number(0))]),
    LegacyClass(
      name: "RandomContrast", successor: "RandomBrightnessContrast",
      parameters: [.renamed("limit", to: "contrast_limit", of: [])],
      implied: [("brightness_limit", .number(0))]),
    LegacyClass(
      name: "Cutout", successor: "CoarseDropout", parameters: [cutout], difference: "holes lie inside the image"),
    LegacyClass(name: "JpegCompression", successor: "ImageCompression"),
    LegacyClass(name: "IAAFliplr", successor: "HorizontalFlip"),
    LegacyClass(name: "IAAFlipud", successor: "VerticalFlip"),
    LegacyClass(name: "IAAPerspective", successor: "Perspective"),
    LegacyClass(name: "IAASharpen", successor: "Sharpen"),
    LegacyClass(name: "IAAEmboss", successor: "Emboss"),
    LegacyClass(name: "IAASuperpixels", successor: "Superpixels"),
    LegacyClass(
      name: "IAAPiecewiseAffine", successor: "PiecewiseAffine", difference: "a smooth map in place of triangles"),
    LegacyClass(
      name: "IAAAffine", successor: "Affine", parameters: affine,
      implied: [("keep_ratio", .flag(true)), ("border_mode", .number(4))]),
    LegacyClass(
      name: "IAACropAndPad", successor: "CropAndPad"),
    LegacyClass(
      name: "IAAAdditiveGaussianNoise", successor: "GaussNoise", parameters: gaussianNoise,
      implied: [("per_channel", .flag(false)), ("std_range", range(0.01, 0.05))]),
    LegacyClass(name: "ToTensor", successor: "ToTensorV2"),
    LegacyClass(name: "Albu", successor: "Compose"),
    LegacyClass(
      name: "PerChannel", successor: "SelectiveChannelTransform", implied: [("p", .number(0.5))],
      difference: "one draw for all channels in place of one each"),
  ]

  private static let cutout = LegacyParameter.any(
    ["num_holes", "max_h_size", "max_w_size"], to: ["num_holes_range", "hole_height_range", "hole_width_range"],
    of: [], "read as num_holes_range, hole_height_range and hole_width_range"
  ) { values throws(ParameterError) in
    var targets: [LegacyParameter.Target] = []
    for (key, target) in [
      ("num_holes", "num_holes_range"), ("max_h_size", "hole_height_range"), ("max_w_size", "hole_width_range"),
    ] {
      let size = try values.number(key, or: 8)
      targets.append((target, values.list(size, size)))
    }
    return targets
  }

  private static let affine: [LegacyParameter] = [
    .converted("scale", to: "scale", of: [], "one for both axes") { $0.range(from: 1) },
    .converted("translate_percent", to: "translate_percent", of: [], "for each axis alone") { $0.range(from: 0) },
    .converted("translate_px", to: "translate_px", of: [], "for each axis alone") { $0.range(from: 0) },
    .converted("shear", to: "shear", of: [], "along x alone") { value in
      guard case .number(let angle) = value.content else {
        return .object([("x", value), ("y", .numbers([0, 0], line: value.line))], line: value.line)
      }
      let both = ConfigValue.numbers([-abs(angle), abs(angle)], line: value.line)
      return .object([("x", both), ("y", .numbers([0, 0], line: value.line))], line: value.line)
    },
  ]

  private static let gaussianNoise: [LegacyParameter] = [
    .converted("scale", to: "std_range", of: [], "levels over 255, as shares") { value in
      value.range(from: 0).mapped { $0 / 255 }
    },
    .converted("loc", to: "mean_range", of: [], "levels over 255, as shares") { value in
      guard case .number(let level) = value.content else { return value.mapped { $0 / 255 } }
      return .numbers([level / 255, level / 255], line: value.line)
    },
  ]

  private static func range(_ low: Double, _ high: Double) -> ConfigValue.Content {
    ConfigValue.numbers([low, high], line: 0).content
  }
}
