/// Pads each side by a fixed number of pixels. Grey, colour and alpha.
///
/// Source: Albumentations `Pad`, OpenCV `copyMakeBorder`.
package struct Pad: Resampled {
  /// Columns and rows added on each side.
  package struct Sides: Hashable, Sendable {
    package var left, top, right, bottom: Int

    package init(left: Int, top: Int, right: Int, bottom: Int) {
      (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
    }
  }

  package static let summary = "Pads each side by a fixed number of pixels."
  package static let defaultProbability = 1.0
  package static let parameters: [Parameter<Pad>] = [padding] + Parameter.padding

  package var padding = Sides(left: 0, top: 0, right: 0, bottom: 0)
  package var resampling = Resampling()

  package init() {}

  package func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation {
    let window = Rectangle(
      x: -padding.left, y: -padding.top, width: shape.width + padding.left + padding.right,
      height: shape.height + padding.top + padding.bottom)
    return .window(window, of: shape, resampling)
  }

  private static let padding = Parameter<Pad>(
    name: "padding", summary: "pixels on each side: one number, [x, y] or [left, top, right, bottom]",
    text: { root in
      let sides = root.padding
      let all = [sides.left, sides.top, sides.right, sides.bottom]
      if Set(all).count == 1 { return "\(all[0])" }
      return all[0] == all[2] && all[1] == all[3] ? "\(Array(all.prefix(2)))" : "\(all)"
    }
  ) { value, root throws(ParameterError) in
    let sides = try value.integerList(in: 0...65_535)
    guard [1, 2, 4].contains(sides.count) else {
      throw ParameterError("must be a whole number, two or four, not \(value.description)")
    }
    root.padding = Sides(
      left: sides[0], top: sides[1 % sides.count], right: sides[2 % sides.count], bottom: sides[3 % sides.count])
  }
}
