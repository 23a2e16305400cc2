import Glibc
import Imaging

func sine(_ angle: Double) -> Double { sin(angle) }

/// Images for tests of transforms.
enum Picture {
  /// R = 2x, G = 255y / 95, B = 7x + 13y: the image of the reference values.
  static func gradient(width: Int = 128, height: Int = 96) -> PixelBuffer {
    var bytes: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        bytes += [
          UInt8(truncatingIfNeeded: 2 * x), UInt8(truncatingIfNeeded: y * 255 / 95),
          UInt8(truncatingIfNeeded: 7 * x + 13 * y),
        ]
      }
    }
    return of(ImageShape(width: width, height: height, channels: 3), bytes)
  }

  static func noise(_ shape: ImageShape, seed: UInt64 = 1) -> PixelBuffer {
    var random = RandomStream(state: (seed, 2, 3, 4))
    return of(shape, (0..<shape.byteCount).map { _ in UInt8(random.integer(0...255)) })
  }

  static func of(_ shape: ImageShape, _ bytes: [UInt8]) -> PixelBuffer {
    var buffer = PixelBuffer(shape)
    buffer.set(bytes)
    return buffer
  }

  static func flat(_ shape: ImageShape, _ value: UInt8) -> PixelBuffer {
    of(shape, Array(repeating: value, count: shape.byteCount))
  }
}

extension Transform {
  /// Draws for an image of `shape`.
  func sample(for shape: ImageShape, using random: inout RandomStream) -> Drawn {
    sample(for: SampleContext(shape), using: &random)
  }

  /// The shape of an image of `shape` after a draw.
  func outputShape(_ drawn: Drawn, for shape: ImageShape) -> ImageShape {
    operation(drawn, for: shape).outputShape(for: shape)
  }

  func applied(_ drawn: Drawn, to source: borrowing PixelBuffer) throws -> PixelBuffer {
    var result = PixelBuffer()
    try apply(drawn, to: source, into: &result)
    return result
  }

  func applied(to source: borrowing PixelBuffer, using random: inout RandomStream) throws -> PixelBuffer {
    try applied(sample(for: source.shape, using: &random), to: source)
  }
}

extension Transform {
  /// The point map of a draw that is a geometry.
  func pointMap(_ drawn: Drawn, for shape: ImageShape) throws -> PointMap {
    guard case .geometry(let geometry, _) = operation(drawn, for: shape) else { throw NoGeometry() }
    guard let map = try PointMap(geometry, for: shape) else { throw NoGeometry() }
    return map
  }

  /// Whether a draw on an image of `shape` moves pixels.
  func isGeometric(for shape: ImageShape) -> Bool {
    var random = RandomStream(state: (1, 2, 3, 4))
    return !operation(sample(for: shape, using: &random), for: shape).isLocal
  }
}

private struct NoGeometry: Error {}

extension Operation {
  func applied(to source: borrowing PixelBuffer) throws -> PixelBuffer {
    var result = PixelBuffer()
    try apply(to: source, into: &result)
    return result
  }

  /// Whether every pixel stays in its place.
  var isLocal: Bool {
    switch self {
    case .geometry: false
    case .merge(let merge): merge.own.allSatisfy(\.isLocal)
    case .sequence(let operations): operations.allSatisfy(\.isLocal)
    case .identity, .lookup, .pixels, .recolor, .drop, .morph, .channels, .inapplicable, .impossible: true
    }
  }
}

/// Every transform, and every kind of parameter that changes its code path.
enum Variants {
  static let all: [any Transform] =
    TransformCatalog.all.map { $0.init() } + unusual + warps + crops + geometries + colors + filters + noises
    + dropouts + weathers + mixtures

  private static var unusual: [any Transform] {
    var mean = RandomBrightnessContrast()
    (mean.brightnessByMax, mean.ensureSafeRange) = (false, true)
    var bright = RandomBrightnessContrast()
    (bright.brightnessLimit, bright.contrastLimit) = (-1e6...1e6, -1e6...1e6)
    var hue = HueSaturationValue()
    (hue.hueShiftLimit, hue.satShiftLimit, hue.valShiftLimit) = (-1e6...1e6, -255...255, -255...255)
    var tiles = CLAHE()
    (tiles.tileGridSize, tiles.clipLimit) = (CLAHE.Grid(columns: 3, rows: 21), 1...1000)
    var blur = GaussianBlur()
    (blur.blurLimit, blur.sigmaLimit) = (0...31, 0...9)
    var motion = MotionBlur()
    (motion.blurLimit, motion.allowShifted) = (3...41, false)
    var sharpen = Sharpen()
    (sharpen.method, sharpen.kernelSize, sharpen.sigma) = (.gaussian, 9, 3)
    var noise = ISONoise()
    (noise.colorShift, noise.intensity) = (0...1, 0...1000)
    var gamma = RandomGamma()
    gamma.gammaLimit = 1...100_000
    var levels = Posterize()
    levels.numBits = [0...8, 3...4, 8...8]
    var part = Solarize()
    part.thresholdRange = 0...1
    return [mean, bright, hue, tiles, blur, motion, sharpen, noise, gamma, levels, part]
  }

  private static var warps: [any Transform] {
    var warps: [any Transform] = []
    for (interpolation, border) in zip(Resampling.Interpolation.allCases, Resampling.Border.allCases) {
      var resampling = Resampling()
      (resampling.interpolation, resampling.border, resampling.fill) = (interpolation, border, [200, 100, 50])
      var elastic = ElasticTransform()
      (elastic.alpha, elastic.sigma, elastic.resampling) = (300, interpolation == .linear ? 13 : 4, resampling)
      (elastic.approximate, elastic.sameDxdy) = (interpolation == .cubic, interpolation == .nearest)
      elastic.noiseDistribution = border == .wrap ? .uniform : .gaussian
      var grid = GridDistortion()
      (grid.numSteps, grid.distortLimit, grid.resampling) = (9, -1...1, resampling)
      grid.normalized = border != .reflect
      var lens = OpticalDistortion()
      (lens.distortLimit, lens.resampling) = (-1...1, resampling)
      lens.mode = border == .constant ? .camera : .fisheye
      var wild = OpticalDistortion()
      (wild.distortLimit, wild.resampling) = (-1000...1000, resampling)
      var view = Perspective()
      (view.scale, view.resampling) = (0...1, resampling)
      (view.keepSize, view.fitOutput) = (border == .constant || border == .wrap, interpolation.rawValue > 1)
      var map = Affine()
      (map.scale, map.rotate, map.shear) = (.init(-2...2), -360...360, .init(x: -80...80, y: 0...30))
      (map.translatePx, map.translatePercent) = border == .wrap ? (nil, .init(-1...1)) : (.init(-9...9), nil)
      (map.fitOutput, map.balancedScale) = (interpolation == .nearest, border == .reflect)
      map.resampling = resampling
      var crop = CenterCrop()
      (crop.width, crop.height, crop.padIfNeeded, crop.resampling) = (20, 11, true, resampling)
      crop.padPosition = PadPosition.allCases[border.rawValue + 1]
      warps += [elastic, grid, lens, wild, view, map, crop] as [any Transform]
    }
    return warps
  }
}
