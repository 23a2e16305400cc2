extension LegacyParameter {
  /// Keys of Albumentations 0.3 to 1.4 that 2.0.8 no longer has.
  package static let all: [LegacyParameter] = fills + geometries + crops + blurs + colors + noises + dropouts + weather

  private static let warps = [
    "ElasticTransform", "GridDistortion", "OpticalDistortion", "PiecewiseAffine", "ThinPlateSpline", "Perspective",
  ]
  private static let rotations = ["Rotate", "SafeRotate", "ShiftScaleRotate", "Affine"]
  private static let pads = ["PadIfNeeded", "Pad", "CropAndPad", "RandomCrop", "CenterCrop", "Crop"]
  private static let holes = [
    "CoarseDropout", "GridDropout", "MaskDropout", "ChannelDropout", "XYMasking", "Erasing", "TimeMasking",
    "FrequencyMasking",
  ]

  private static let fills: [LegacyParameter] = [
    .renamed("value", to: "fill", of: warps + rotations + pads),
    .renamed("mask_value", to: "fill_mask", of: warps + rotations + pads),
    .renamed("cval", to: "fill", of: warps + rotations),
    .renamed("cval_mask", to: "fill_mask", of: warps + rotations),
    .renamed("pad_val", to: "fill", of: ["Perspective"]),
    .renamed("mask_pad_val", to: "fill_mask", of: ["Perspective"]),
    .renamed("pad_cval", to: "fill", of: pads),
    .renamed("pad_cval_mask", to: "fill_mask", of: pads),
    .renamed("fill_value", to: "fill", of: holes),
    .renamed("image_fill_value", to: "fill", of: ["MaskDropout"]),
    .renamed("mask_fill_value", to: "fill_mask", of: holes),
    .converted("mode", to: "border_mode", of: ["Affine", "PiecewiseAffine"], "a number of OpenCV", borderMode),
    .converted("pad_mode", to: "border_mode", of: pads + ["Perspective"], "a number of OpenCV", borderMode),
  ]

  private static let geometries: [LegacyParameter] = [
    .dropped("alpha_affine", of: ["ElasticTransform"], because: "2.0.8 has no affine part"),
    .dropped("shift_limit", of: ["OpticalDistortion"], because: "in 2.0.8 the centre stays"),
    .dropped("keypoints_threshold", of: ["PiecewiseAffine"], because: "keypoints follow exactly"),
    .converted("order", to: "interpolation", of: ["Affine", "PiecewiseAffine"], "a number of OpenCV") { value in
      value.mapped { $0 <= 0 ? 0 : $0 == 1 ? 1 : 2 }
    },
  ]

  private static let crops: [LegacyParameter] = [
    .optionalPair("height", "width", to: "size", of: ["RandomResizedCrop", "RandomSizedCrop"]),
    .renamed("cropping_box_key", to: "cropping_bbox_key", of: ["RandomCropNearBBox"]),
  ]

  private static let blurs: [LegacyParameter] = [
    .renamed("sigmaX_limit", to: "sigma_x_limit", of: ["AdvancedBlur"]),
    .renamed("sigmaY_limit", to: "sigma_y_limit", of: ["AdvancedBlur"]),
  ]

  private static let colors: [LegacyParameter] = [
    .dropped("eps", of: ["RandomGamma"], because: "it has no effect on bytes"),
    .pair("quality_lower", "quality_upper", to: "quality_range", of: ["ImageCompression"], defaults: (99, 100)),
    .converted("compression_type", to: "compression_type", of: ["ImageCompression"], "0 is jpeg, 1 is webp") { value in
      guard case .number(let number) = value.content else { return value }
      let name = number == 0 ? "jpeg" : "webp"
      return ConfigValue(content: .text(name), line: value.line, source: name)
    },
    .pair("scale_min", "scale_max", to: "scale_range", of: ["Downscale"], defaults: (0.25, 0.25)),
    .converted("interpolation", to: "interpolation_pair", of: ["Downscale"], "for both ways") { value in
      guard case .number = value.content else { return value }
      return .object([("upscale", value), ("downscale", value)], line: value.line)
    },
    .converted("threshold", to: "threshold_range", of: ["Solarize"], "levels over 255, as shares") { value in
      guard case .number(let level) = value.content else { return value.mapped { $0 / 255 } }
      return .numbers([level / 255, level / 255], line: value.line)
    },
  ]

  private static let noises: [LegacyParameter] = [
    .converted("var_limit", to: "std_range", of: ["GaussNoise"], "the root of a variance, over 255") { value in
      value.range(from: 0).mapped { min(1, max(0, $0).squareRoot() / 255) }
    },
    .converted("mean", to: "mean_range", of: ["GaussNoise"], "levels over 255, as shares") { value in
      guard case .number(let level) = value.content else { return value.mapped { $0 / 255 } }
      return .numbers([level / 255, level / 255], line: value.line)
    },
  ]

  private static let dropouts: [LegacyParameter] = [
    .any(
      ["max_holes", "max_height", "max_width", "min_holes", "min_height", "min_width"],
      to: ["num_holes_range", "hole_height_range", "hole_width_range"], of: ["CoarseDropout"],
      "read as num_holes_range, hole_height_range and hole_width_range"
    ) { values throws(ParameterError) in
      var targets: [Target] = []
      for (name, target) in [
        ("holes", "num_holes_range"), ("height", "hole_height_range"), ("width", "hole_width_range"),
      ] {
        let most = try values.number("max_\(name)", or: 8)
        targets.append((target, values.list(try values.number("min_\(name)", or: most), most)))
      }
      return targets
    },
    .optionalPair("unit_size_min", "unit_size_max", to: "unit_size_range", of: ["GridDropout"]),
    .optionalPair("holes_number_x", "holes_number_y", to: "holes_number_xy", of: ["GridDropout"]),
    .pair("shift_x", "shift_y", to: "shift_xy", of: ["GridDropout"], defaults: (0, 0)),
  ]

  private static let weather: [LegacyParameter] = [
    .pair("fog_coef_lower", "fog_coef_upper", to: "fog_coef_range", of: ["RandomFog"], defaults: (0.3, 1)),
    .pair("slant_lower", "slant_upper", to: "slant_range", of: ["RandomRain"], defaults: (-10, 10)),
    .pair("snow_point_lower", "snow_point_upper", to: "snow_point_range", of: ["RandomSnow"], defaults: (0.1, 0.3)),
    .pair("num_shadows_lower", "num_shadows_upper", to: "num_shadows_limit", of: ["RandomShadow"], defaults: (1, 2)),
    .pair("angle_lower", "angle_upper", to: "angle_range", of: ["RandomSunFlare"], defaults: (0, 1)),
    .pair(
      "num_flare_circles_lower", "num_flare_circles_upper", to: "num_flare_circles_range", of: ["RandomSunFlare"],
      defaults: (6, 10)),
  ]

  /// The names that scikit-image and imgaug give to what OpenCV numbers.
  private static let borderMode: @Sendable (ConfigValue) throws(ParameterError) -> ConfigValue = {
    value throws(ParameterError) in
    guard case .text(let name) = value.content else { return value }
    let names = ["constant": 0, "edge": 1, "symmetric": 2, "wrap": 3, "reflect": 4]
    guard let number = names[name] else {
      throw ParameterError(
        "must be \"constant\", \"edge\", \"symmetric\", \"wrap\" or \"reflect\", not \(quoted(name))")
    }
    return .number(Double(number), line: value.line)
  }
}
