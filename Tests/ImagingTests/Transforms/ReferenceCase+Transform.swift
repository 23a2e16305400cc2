import CImaging
import CImagingTesting
import Imaging

extension ReferenceCase {
  /// What our transform of the same name makes of the same image with the same parameters.
  func ours() throws -> (shape: ImageShape, bytes: [UInt8])? {
    for make in [flipped, recolored, filtered, disturbed, warped] {
      if let result = try make() { return (result.shape, result.bytes) }
    }
    return nil
  }

  private func flipped() throws -> PixelBuffer? {
    switch name {
    case "HorizontalFlip": try HorizontalFlip().applied(.init(), to: sourcePixels())
    case "VerticalFlip": try VerticalFlip().applied(.init(), to: sourcePixels())
    case "RandomRotate90": try RandomRotate90().applied(.init(quarters: integer("quarters")), to: sourcePixels())
    default: nil
    }
  }

  private func recolored() throws -> PixelBuffer? {
    switch name {
    case "RandomBrightnessContrast":
      var transform = RandomBrightnessContrast()
      (transform.brightnessByMax, transform.ensureSafeRange) = (flag("by_max"), flag("safe"))
      return try transform.applied(
        .init(contrast: number("contrast"), brightness: number("brightness")), to: sourcePixels())
    case "HueSaturationValue":
      return try HueSaturationValue().applied(
        .init(hue: number("hue"), saturation: number("saturation"), value: number("value")), to: sourcePixels())
    case "CLAHE":
      var transform = CLAHE()
      transform.tileGridSize = .init(columns: integer("columns"), rows: integer("rows"))
      return try transform.applied(.init(clipLimit: number("clip")), to: sourcePixels())
    case "RandomGamma": return try RandomGamma().applied(.init(gamma: number("gamma")), to: sourcePixels())
    case "ChannelShuffle":
      return try ChannelShuffle().applied(.init(order: numbers("order").map { Int($0) }), to: sourcePixels())
    default: return nil
    }
  }

  private func filtered() throws -> PixelBuffer? {
    switch name {
    case "blur":
      var result = PixelBuffer()
      try result.blur(sourcePixels(), size: integer("size"), sigma: number("sigma"))
      return result
    case "GaussianBlur":
      return try GaussianBlur().applied(.init(sigma: number("sigma"), size: integer("size")), to: sourcePixels())
    case "Sharpen":
      var transform = Sharpen()
      if text("method") == "gaussian" {
        (transform.method, transform.kernelSize, transform.sigma) = (.gaussian, integer("size"), number("sigma"))
      }
      return try transform.applied(.init(alpha: number("alpha"), lightness: number("lightness")), to: sourcePixels())
    case "MotionBlur":
      let drawn = MotionBlur.Drawn(
        size: integer("size"), angle: number("angle"), direction: number("direction"), shiftX: number("shift_x"),
        shiftY: number("shift_y"))
      return try MotionBlur().applied(drawn, to: sourcePixels())
    default: return nil
    }
  }

  private func disturbed() throws -> PixelBuffer? {
    guard name == "ISONoise" else { return nil }
    return try ISONoise.operation(
      events: values("events", of: Int32.self), hue: values("hue", of: Float.self), intensity: number("intensity")
    ).applied(to: sourcePixels())
  }

  private func warped() throws -> PixelBuffer? {
    switch name {
    case "OpticalDistortion":
      var transform = OpticalDistortion()
      transform.mode = text("mode") == "fisheye" ? .fisheye : .camera
      transform.resampling = resampling
      return try transform.applied(.init(k: number("k")), to: sourcePixels())
    case "GridDistortion":
      var transform = GridDistortion()
      (transform.numSteps, transform.normalized) = (integer("steps"), flag("normalized"))
      transform.resampling = resampling
      return try transform.applied(.init(columns: numbers("columns"), rows: numbers("rows")), to: sourcePixels())
    case "Perspective":
      var transform = Perspective()
      (transform.keepSize, transform.fitOutput, transform.resampling) = (flag("keep"), flag("fit"), resampling)
      let places = numbers("corners")
      let corners = (0..<4).map { Point(places[2 * $0], places[2 * $0 + 1]) }
      return try transform.applied(.init(corners: corners), to: sourcePixels())
    case "ElasticTransform":
      return try Operation.geometry(.field(displacements()), resampling).applied(to: sourcePixels())
    default: return nil
    }
  }

  private var resampling: Resampling {
    var resampling = Resampling()
    resampling.interpolation = Resampling.Interpolation(rawValue: integer("interpolation")) ?? .linear
    resampling.border = Resampling.Border(rawValue: integer("border")) ?? .constant
    resampling.fill = numbers("fill")
    return resampling
  }

  /// The noise as `ElasticTransform` turns its own into a field: blurred, on a coarse grid where sigma is wide, and
  /// scaled.
  private func displacements() throws -> DisplacementField {
    let noise = try values("noise", of: Float.self)
    let (count, rows) = (source.width * source.height, noise.count / source.width)
    var (blurred, message) = ([Float](repeating: 0, count: noise.count), cimaging_message())
    let status = unsafe cimaging_smooth(
      noise, Int32(source.width), Int32(rows), number("sigma"), 0, &blurred, &message)
    precondition(status == CIMAGING_OK, "a plane can be blurred")
    let largest = text("distribution") == "gaussian" ? noise.reduce(0) { max($0, abs($1)) } : 1
    let scaled = blurred.map { $0 * (Float(number("alpha")) / largest) }
    return DisplacementField(dx: Array(scaled.prefix(count)), dy: Array(scaled.suffix(count)))
  }
}
