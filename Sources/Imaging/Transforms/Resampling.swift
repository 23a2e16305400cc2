internal import CImaging

/// How a warp finds values between pixels and beyond the edge. Numbers are OpenCV's.
public struct Resampling: Sendable {
  /// Between pixels.
  public enum Interpolation: Int, CaseIterable, Sendable {
    case nearest = 0
    case linear = 1
    case cubic = 2
    /// The same as `linear`: a warp has no areas.
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
  /// The values of a constant border, one for each channel. Of a single one, colour images get it in red alone, as in
  /// Albumentations.
  public var fill: [Double] = [0]

  /// Linear between pixels, black beyond the edge.
  public init() {}

  var cValue: cimaging_resampling {
    cimaging_resampling(
      interpolation: Int32(interpolation.rawValue), border_mode: Int32(border.rawValue),
      fill: (fill[0], fill.count == 3 ? fill[1] : 0, fill.count == 3 ? fill[2] : 0))
  }

  /// About a fill that is no grey.
  var warnings: [String] {
    guard border == .constant, fill.count == 1, fill[0] != 0 else { return [] }
    let level = format(fill[0])
    return ["a fill of one number colours red alone, as in Albumentations; [\(level), \(level), \(level)] is grey"]
  }
}
