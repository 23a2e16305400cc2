internal import CImaging

/// Snow: brightens dark pixels, or covers the image with a noise that is densest at its top. Colour only.
///
/// Source: Albumentations `RandomSnow`, OpenCV `cvtColor` between RGB and 8-bit HLS or HSV, `GaussianBlur`.
package struct RandomSnow: Transform {
  package enum Method: String, CaseIterable, Sendable {
    case bleach, texture
  }

  package struct Drawn: Codable, Sendable {
    /// How much snow there is, 0 ... 1.
    package var snowPoint: Double
    /// Draws the texture; bleaching has none.
    package var seed: UInt64?

    package init(snowPoint: Double, seed: UInt64? = nil) { (self.snowPoint, self.seed) = (snowPoint, seed) }
  }

  package static let summary = "Brightens dark pixels like snow, or covers the image with a texture of snow."
  package static let parameters: [Parameter<RandomSnow>] = [
    .number("brightness_coeff", \.brightnessCoeff, in: 1e-9...1e6, "factor by which snow brightens"),
    .range("snow_point_range", \.snowPointRange, in: 0...1, lowest: 0, "amount of snow"),
    .choice("method", \.method, "whether to bleach dark pixels, or to draw flakes and glitter"),
  ]

  /// Factor by which snow brightens.
  package var brightnessCoeff = 2.5
  /// Range of the amount of snow.
  package var snowPointRange = 0.1...0.3
  package var method = Method.bleach

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let snowPoint = random.uniform(snowPointRange)
    return Drawn(snowPoint: snowPoint, seed: method == .texture ? random.next() : nil)
  }

  /// No parameter holds the seed of a texture.
  package func fixed(at drawn: Drawn) -> PipelineNode? {
    drawn.seed == nil ? always { $0.snowPointRange = .only(drawn.snowPoint) } : nil
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.channels == 3 else { return .inapplicable("it needs a colour image") }
    guard let seed = drawn.seed else { return bleach(drawn.snowPoint) }
    let snow = cimaging_snow(amount: drawn.snowPoint, brightness: brightnessCoeff)
    return .kernel { source, destination, message in
      var snow = snow
      return unsafe cimaging_draw_snow(source, destination, &snow, seed, message)
    }
  }

  /// Snow of given noise, one value per pixel in row-major order: a `texture` about 0.5, and `glitter`, 255 where it is.
  package func operation(texture: [Double], glitter: [UInt8], snowPoint: Double) -> Operation {
    let snow = cimaging_snow(amount: snowPoint, brightness: brightnessCoeff)
    return .kernel { source, destination, message in
      var snow = snow
      return unsafe cimaging_cover_with_snow(source, destination, &snow, texture, glitter, message)
    }
  }

  /// Multiplies lightness below a threshold, in single precision.
  private func bleach(_ snowPoint: Double) -> Operation {
    let threshold = Float(snowPoint * 255 / 2 + 255.0 / 3)
    let table = LookupTable { level in
      let lightness = Float(level)
      return lightness < threshold ? UInt8(min(lightness * Float(brightnessCoeff), 255)) : level
    }.values
    return .kernel { source, destination, message in
      unsafe cimaging_lookup_lightness(source, destination, table, nil, 0, message)
    }
  }
}
