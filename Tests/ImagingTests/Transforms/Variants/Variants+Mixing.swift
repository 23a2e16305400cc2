import Imaging

extension Variants {
  /// Grey, so that it looks the same to grey images and to colour.
  static let references = ReferenceLibrary(
    [(31, 17), (4, 40), (90, 61)].enumerated().map { number, size in
      let shape = ImageShape(width: size.0, height: size.1, channels: 1)
      return ReferencePixels(Picture.noise(shape, seed: UInt64(number + 7)))
    })

  /// The transforms of the catalogue, those that take other images with some.
  static let ready: [any Transform] = TransformCatalog.all.map { ready($0.init()) }

  static func ready(_ transform: any Transform) -> any Transform {
    guard var taking = transform as? any ReferenceTransform else { return transform }
    taking.references.library = references
    return taking
  }

  static var mixtures: [any Transform] {
    var whole = Mosaic()
    (whole.rows, whole.columns, whole.fitMode, whole.resampling.fill) = (2, 3, .contain, [40])
    (whole.targetSize, whole.cellSize) = (.init(width: 70, height: 44), .init(width: 25, height: 30))
    (whole.centerRange, whole.resampling.interpolation) = (0...1, .cubic)
    var range = PixelDistributionAdaptation()
    range.scale = .minmax
    var deviation = PixelDistributionAdaptation()
    deviation.scale = .standard
    var waves = FDA()
    waves.betaLimit = 0.5...0.5
    var mixed = MixUp()
    mixed.alpha = 0.001
    let changed: [any Transform] = [Mosaic(), whole, range, deviation, waves, mixed]
    return ready.filter { $0 is any ReferenceTransform } + changed.map(ready)
  }
}
