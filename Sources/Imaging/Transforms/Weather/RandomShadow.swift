internal import CImaging

/// Darkens random polygons, which may cross themselves. Grey and colour.
///
/// Source: Albumentations `RandomShadow`, OpenCV `fillPoly`.
package struct RandomShadow: Transform {
  package struct Drawn: Codable, Sendable {
    package var shadows: [Shadow]

    package init(shadows: [Shadow]) { self.shadows = shadows }
  }

  package struct Shadow: Codable, Sendable {
    /// Columns of the corners.
    package var x: [Int]
    /// Rows of the corners.
    package var y: [Int]
    /// The share of its light that a pixel loses.
    package var intensity: Double

    package init(x: [Int], y: [Int], intensity: Double) { (self.x, self.y, self.intensity) = (x, y, intensity) }
  }

  package static let summary = "Darkens random polygons, like shadows on a road."
  package static let parameters: [Parameter<RandomShadow>] = [
    .region("shadow_roi", \.shadowRoi, mayBeEmpty: true, "where corners may lie"),
    .integers("num_shadows_limit", \.numShadowsLimit, in: 1...100, lowest: 1, "number of polygons"),
    .integer("shadow_dimension", \.shadowDimension, in: 3...1000, "corners of a polygon"),
    .range("shadow_intensity_range", \.shadowIntensityRange, in: 0...1, lowest: 0, "share of the light that is lost"),
  ]

  package var shadowRoi = Region(x: 0...1, y: 0.5...1)
  package var numShadowsLimit = 1...2
  /// Corners of a polygon.
  package var shadowDimension = 5
  /// Range of the share of the light that is lost.
  package var shadowIntensityRange = 0.5...0.5

  package init() {}

  /// No shadows where the region has no pixels.
  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let region = shadowRoi.pixels(in: context.shape)
    guard region.width > 0 && region.height > 0 else { return Drawn(shadows: []) }
    let count = random.integer(numShadowsLimit)
    return Drawn(
      shadows: (0..<count).map { _ in
        let x = (0..<shadowDimension).map { _ in region.x + random.integer(0...region.width - 1) }
        let y = (0..<shadowDimension).map { _ in region.y + random.integer(0...region.height - 1) }
        return Shadow(x: x, y: y, intensity: random.uniform(shadowIntensityRange))
      })
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    guard !drawn.shadows.isEmpty else { return .inapplicable("its region has no pixels in an image this small") }
    return .sequence(drawn.shadows.map { Self.operation($0) })
  }

  private static func operation(_ shadow: Shadow) -> Operation {
    let corners = zip(shadow.x, shadow.y).flatMap { [coordinate($0), coordinate($1)] }
    guard !corners.isEmpty else { return .identity }
    let table = LookupTable { UInt8(min(max(Double($0) * (1 - shadow.intensity), 0), 255)) }.values
    return .kernel { source, destination, message in
      unsafe cimaging_shade_polygon(source, destination, corners, Int32(corners.count / 2), table, message)
    }
  }
}

/// A column or row for drawing in C, where what lies far beyond any image overflows.
func coordinate(_ place: Int) -> Int32 { Int32(min(max(place, -1_000_000), 1_000_000)) }
