internal import CImaging

/// How values between pixels and beyond the edge are computed. Raw values are OpenCV's.
package struct Resampling: Sendable {
  package enum Interpolation: Int, CaseIterable, Sendable {
    case nearest = 0
    case linear = 1
    case cubic = 2
    /// The mean of the area that an output pixel covers; `linear` for everything but resizing.
    case area = 3
    case lanczos = 4
    /// As `linear` with exact arithmetic; the same as that for everything but resizing.
    case linearExact = 5
    /// From the middle of a pixel instead of its edge; the same as `nearest` for everything but resizing.
    case nearestExact = 6
  }

  package enum Border: Int, CaseIterable, Sendable {
    case constant = 0
    case replicate = 1
    case reflect = 2
    case wrap = 3
    case reflect101 = 4
  }

  package var interpolation = Interpolation.linear
  package var border = Border.constant
  /// The values of a constant border, one per channel, and a fourth for alpha. Channels without one are 0: a single
  /// value fills only the red channel of colour images, as in the warps of Albumentations.
  package var fill: [Double] = [0]
  /// Between the pixels of a mask. Images do not use it.
  package var maskInterpolation = Interpolation.nearest
  /// The value of a mask beyond a constant border.
  package var maskFill: [Double] = [0]

  package init() {}

  /// Uses a single fill for every channel and alpha, so that 255 is opaque white: as in crops, pads and affine maps.
  var fillingEveryChannel: Resampling {
    var resampling = self
    if fill.count == 1 { resampling.fill = Array(repeating: fill[0], count: 4) }
    return resampling
  }

  /// The same for the alpha plane. What a fill without a fourth value adds is transparent.
  var ofAlpha: Resampling {
    var resampling = self
    resampling.fill = [fill(3)]
    return resampling
  }

  var cValue: cimaging_resampling {
    cimaging_resampling(
      interpolation: Int32(interpolation.betweenPixels.rawValue), border_mode: Int32(border.rawValue),
      fill: (fill(0), fill(1), fill(2)))
  }

  /// The value of a channel beyond the edge; 0 if `fill` has none.
  func fill(_ channel: Int) -> Double { channel < fill.count ? fill[channel] : 0 }
}

extension Resampling.Interpolation {
  /// The interpolation where pixels do more than change their size.
  fileprivate var betweenPixels: Self {
    switch self {
    case .nearest, .nearestExact: .nearest
    case .linear, .area, .linearExact: .linear
    case .cubic, .lanczos: self
    }
  }
}

extension Resampling.Border {
  /// The row or column, of `count`, that stands in for `place`; `nil` for fill.
  func index(_ place: Int, of count: Int) -> Int? {
    if place >= 0 && place < count { return place }
    switch self {
    case .constant: return nil
    case .replicate: return min(max(place, 0), count - 1)
    case .wrap: return (place % count + count) % count
    case .reflect, .reflect101:
      // Back and forth between the edges; `reflect` repeats the outermost row, `reflect101` does not.
      let isOnce = self == .reflect101
      let period = max(1, isOnce ? 2 * count - 2 : 2 * count)
      let inside = (place % period + period) % period
      return inside < count ? inside : period - inside - (isOnce ? 0 : 1)
    }
  }
}
