/// A transform that interpolates between pixels or samples beyond the edge.
protocol Resampled: Transform {
  var resampling: Resampling { get set }
}

extension Parameter where Root: Resampled {
  /// `interpolation`, `border_mode` and `fill`, and the same for masks. A single fill value sets red only, as in the
  /// warps of Albumentations; it sets every channel of a mask.
  static var remapping: [Parameter] {
    [
      interpolation, maskInterpolation, borderMode,
      .fill("fill", \.resampling.fill, "colour beyond the edge for border_mode 0: \(ofOne)"), maskFill,
    ]
  }

  /// `border_mode`, `fill` and `fill_mask`; a single fill value sets every channel.
  static var padding: [Parameter] {
    [borderMode, .fill("fill", \.resampling.fill, "colour beyond the edge for border_mode 0: \(ofAll)"), maskFill]
  }

  /// `interpolation` and `mask_interpolation`.
  static var sampling: [Parameter] { [interpolation, maskInterpolation] }

  /// The parameters of `sampling` and `padding`.
  static var resamplingWithMasks: [Parameter] { sampling + padding }

  private static var ofOne: String { "one level for grey, [red, green, blue], or these and alpha" }
  private static var ofAll: String { "one level for every channel, [red, green, blue], or these and alpha" }

  private static var maskFill: Parameter { .fill("fill_mask", \.resampling.maskFill, "the same for masks") }

  private static var maskInterpolation: Parameter {
    .code("mask_interpolation", \.resampling.maskInterpolation, "the same for masks")
  }

  private static var interpolation: Parameter {
    .code(
      "interpolation", \.resampling.interpolation,
      "interpolation: 0 nearest, 1 linear, 2 cubic, 3 mean of areas, 4 Lanczos, 5 exactly linear, 6 exactly nearest; "
        + "where it does not resize, 3 and 5 are as 1, and 6 as 0")
  }

  private static var borderMode: Parameter {
    .code(
      "border_mode", \.resampling.border,
      "beyond the edge: 0 fill, 1 replicate, 2 reflect, 3 wrap, 4 reflect without repeating the edge")
  }

}

extension Parameter {
  /// A choice that Albumentations writes as OpenCV's constant.
  static func code<Choice: RawRepresentable<Int> & CaseIterable & Sendable>(
    _ name: String, _ path: Field<Choice>, _ summary: String
  ) -> Parameter {
    Parameter(name: name, summary: summary, text: { String($0[keyPath: path].rawValue) }) {
      value, root throws(ParameterError) in
      guard let choice = Choice(rawValue: try value.integer(in: 0...Choice.allCases.count - 1)) else { return }
      root[keyPath: path] = choice
    }
  }
}

extension Resampling {
  /// Warns of a fill that is not grey.
  var warnings: [String] {
    guard border == .constant, fill.count == 1, fill[0] != 0 else { return [] }
    let level = format(fill[0])
    return ["a fill of one number colours red alone, as in Albumentations; [\(level), \(level), \(level)] is grey"]
  }
}
