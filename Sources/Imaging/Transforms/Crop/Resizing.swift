/// A transform that changes the size of the image, or of a part of it.
protocol Resizing: Resampled {
  /// What takes the mean of areas, whatever the interpolation, where the size shrinks; `nil`: nothing.
  var areaForDownscale: AreaForDownscale? { get set }
}

/// What takes the mean of areas where it shrinks.
package enum AreaForDownscale: String, CaseIterable, Sendable {
  case image
  case imageAndMask = "image_mask"
}

/// By how much sizes are multiplied.
package struct SizeFactor: Codable, Sendable {
  package var scale: Double

  package init(scale: Double) { self.scale = scale }
}

extension Resizing {
  /// The resampling for a change of size.
  func resampling(isShrinking: Bool) -> Resampling {
    var resampling = resampling
    guard isShrinking, let areaForDownscale else { return resampling }
    resampling.interpolation = .area
    if areaForDownscale == .imageAndMask { resampling.maskInterpolation = .area }
    return resampling
  }

  /// A change to `size`, which is nothing where that is the size already.
  func resize(_ shape: ImageShape, to size: ImageSize, isShrinking: Bool) -> Operation {
    guard shape.byteCount > 0, shape.size != size else { return .identity }
    return .geometry(
      .resize(width: size.width, height: size.height), resampling(isShrinking: isShrinking))
  }
}

extension ImageShape {
  /// The size with both sides multiplied by `scale` and rounded, at least one pixel. A product without bounds, from a
  /// draw in a file, becomes one that is refused as too large.
  func scaled(by scale: Double, _ rule: FloatingPointRoundingRule) -> ImageSize {
    func side(_ length: Int) -> Int {
      let side = (Double(length) * scale).rounded(rule)
      return side >= 1 ? Int(min(side, 1e9)) : 1
    }
    return ImageSize(width: side(width), height: side(height))
  }
}

extension Parameter where Root: Resizing {
  /// `interpolation`, `mask_interpolation` and `area_for_downscale`.
  static var resizing: [Parameter] {
    sampling + [
      Parameter(
        name: "area_for_downscale",
        summary: "what takes the mean of areas where it shrinks: null, \"image\" or \"image_mask\" for both",
        text: { $0.areaForDownscale.map { "\"\($0.rawValue)\"" } ?? "null" }
      ) { value, root throws(ParameterError) in
        if case .null = value.content { return root.areaForDownscale = nil }
        root.areaForDownscale = try value.choice()
      }
    ]
  }
}
