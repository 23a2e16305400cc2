internal import CImaging

/// How pixels are found between pixels and beyond the edge. Numbers are OpenCV's.
public struct Resampling: Sendable {
  /// Between pixels.
  public enum Interpolation: Int, CaseIterable, Sendable {
    case nearest = 0
    case linear = 1
    case cubic = 2
    /// The mean of the area that a smaller image's pixel covers; the same as `linear` for all that does not resize.
    case area = 3
    case lanczos = 4
  }

  /// Beyond the edge.
  public enum Border: Int, CaseIterable, Sendable {
    case constant = 0
    case replicate = 1
    case reflect = 2
    case wrap = 3
    case reflect101 = 4
  }

  /// Between pixels.
  public var interpolation = Interpolation.linear
  /// Beyond the edge.
  public var border = Border.constant
  /// The values of a constant border, one for each channel. Of a single one, colour images get it in red alone, as warps
  /// do in Albumentations.
  public var fill: [Double] = [0]
  /// Between the pixels of a mask.
  public var maskInterpolation = Interpolation.nearest
  /// The value of a mask beyond a constant border.
  public var maskFill: [Double] = [0]

  /// Linear between pixels, black beyond the edge.
  public init() {}

  /// The same with a single fill for every channel, so that 255 is white: as crops, pads and affine maps have it.
  var fillingEveryChannel: Resampling {
    var resampling = self
    if fill.count == 1 { resampling.fill = [fill[0], fill[0], fill[0]] }
    return resampling
  }

  var cValue: cimaging_resampling {
    cimaging_resampling(
      interpolation: Int32(interpolation.rawValue), border_mode: Int32(border.rawValue),
      fill: (fill(0), fill(1), fill(2)))
  }

  /// The value of a channel beyond the edge.
  func fill(_ channel: Int) -> Double { channel < fill.count ? fill[channel] : 0 }
}

extension Resampling.Border {
  /// The row or column, of `count`, that stands for one at `place`; `nil` for a fill.
  func index(_ place: Int, of count: Int) -> Int? {
    if place >= 0 && place < count { return place }
    switch self {
    case .constant: return nil
    case .replicate: return min(max(place, 0), count - 1)
    case .wrap: return (place % count + count) % count
    case .reflect, .reflect101:
      // A row between two mirrors: back and forth, with the outermost one twice or once.
      let isOnce = self == .reflect101
      let period = max(1, isOnce ? 2 * count - 2 : 2 * count)
      let inside = (place % period + period) % period
      return inside < count ? inside : period - inside - (isOnce ? 0 : 1)
    }
  }
}
