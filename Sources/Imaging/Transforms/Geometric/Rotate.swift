internal import Glibc

/// Rotates an image about its centre. Grey, colour and alpha.
///
/// Source: Albumentations `Rotate`, OpenCV `warpAffine`. `crop_border` leaves at least one pixel of an image in which no
/// whole pixel lies within the largest rectangle; Albumentations fails there.
package struct Rotate: Transform, Resampled {
  package struct Drawn: Codable, Sendable {
    /// In degrees, counter-clockwise.
    package var angle: Double

    package init(angle: Double) { self.angle = angle }
  }

  package static let summary = "Rotates the image about its centre."
  package static let parameters: [Parameter<Rotate>] =
    [
      .range("limit", \.limit, in: .anyNumber, "angle in degrees, counter-clockwise"),
      .choice("rotate_method", \.rotateMethod, "how boxes follow a rotation"),
      .flag("crop_border", \.cropBorder, "whether to crop the largest upright rectangle without border"),
    ] + Parameter.resamplingWithMasks

  /// Range of the angle in degrees.
  package var limit = -90.0...90.0
  package var rotateMethod = RotateMethod.largestBox
  /// Whether to crop the largest upright rectangle that lies in the rotated image.
  package var cropBorder = false
  package var resampling = Resampling()

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(angle: random.uniform(limit))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? { always { $0.limit = .only(drawn.angle) } }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    let rotation = Operation.affine(AffineDraw(rotation: drawn.angle).projection(for: shape), resampling)
    guard cropBorder else { return rotation }
    return .sequence([rotation, .geometry(.window(shape.uprightRectangle(rotatedBy: drawn.angle)))])
  }
}

extension ImageShape {
  /// The largest upright rectangle within the image after a rotation about its centre, cut to whole pixels.
  fileprivate func uprightRectangle(rotatedBy degrees: Double) -> Rectangle {
    let (width, height) = (Double(self.width), Double(self.height))
    let (sine, cosine) = (abs(sin(radians(degrees))), abs(cos(radians(degrees))))
    var size: (width: Double, height: Double)
    if min(width, height) <= 2 * sine * cosine * max(width, height) || abs(sine - cosine) < 1e-10 {
      // Two corners touch the longer sides, and the others lie on the line midway between these.
      let half = 0.5 * min(width, height)
      size = width >= height ? (half / sine, half / cosine) : (half / cosine, half / sine)
    } else {
      // All four touch a side.
      let both = cosine * cosine - sine * sine
      size = ((width * cosine - height * sine) / both, (height * cosine - width * sine) / both)
    }
    let columns = Self.range(size.width, within: self.width)
    let rows = Self.range(size.height, within: self.height)
    return Rectangle(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
  }

  /// A length about the middle of `count` pixels: one pixel or more.
  private static func range(_ length: Double, within count: Int) -> Range<Int> {
    let middle = Double(count) / 2
    let first = min(max(0, Int(middle - length / 2)), count - 1)
    return first..<max(first + 1, min(count, Int(middle + length / 2)))
  }
}
