/// Lets bright parts grow (dilation) or shrink (erosion). Grey, colour and alpha.
///
/// Source: Albumentations `Morphological`, OpenCV `dilate` and `erode`. Masks change like the image, and boxes and
/// polygons grow or shrink with what a mask of their object would show; keypoints stay. (Albumentations changes boxes
/// along the wrong axes.)
package struct Morphological: Transform {
  /// In pixels.
  package struct Scale: Hashable, Sendable {
    package var width, height: Int

    package init(width: Int, height: Int) { (self.width, self.height) = (width, height) }
  }

  package static let summary = "Lets bright parts grow or shrink under an ellipse."
  package static let parameters: [Parameter<Morphological>] = [
    scale, .choice("operation", \.kind, "whether bright parts grow or shrink"),
  ]

  /// Of the ellipse.
  package var scale = Scale(width: 2, height: 3)
  package var kind = Morph.Kind.dilation

  package init() {}

  package func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation {
    .morph(Morph(kind: kind, width: scale.width, height: scale.height))
  }

  private static let scale = Parameter<Morphological>(
    name: "scale",
    summary: "size of the ellipse in pixels, 1 to 99: the lesser number is its width; one: the height of a line",
    text: { "[\($0.scale.width), \($0.scale.height)]" }
  ) { value, root throws(ParameterError) in
    guard case .list(let sides) = value.content else {
      return root.scale = Scale(width: 1, height: try value.integer(in: sideLimits))
    }
    guard sides.count == 2 else { throw ParameterError("must be [width, height], not \(value.description)") }
    let (first, second) = (try sides[0].integer(in: sideLimits), try sides[1].integer(in: sideLimits))
    // Albumentations sorts them, as if they were a range.
    root.scale = Scale(width: min(first, second), height: max(first, second))
  }

  private static let sideLimits = 1...99
}
