import Imaging

extension Variants {
  static let geometries: [any Transform] = affine + [shuffle(1, 64), shuffle(7, 2)] + morphs

  private static var affine: [any Transform] {
    var cropped = Rotate()
    (cropped.limit, cropped.cropBorder) = (-360...360, true)
    var safe = SafeRotate()
    (safe.limit, safe.resampling.interpolation, safe.resampling.border) = (-360...360, .cubic, .wrap)
    var shifted = ShiftScaleRotate()
    (shifted.shiftLimitX, shifted.shiftLimit, shifted.scaleLimit) = (-1...1, 0...0.5, -1...2)
    shifted.resampling.border = .reflect
    return [cropped, safe, shifted]
  }

  private static func shuffle(_ rows: Int, _ columns: Int) -> RandomGridShuffle {
    var shuffle = RandomGridShuffle()
    shuffle.grid = .init(rows: rows, columns: columns)
    return shuffle
  }

  private static var morphs: [any Transform] {
    [(99, 99, Morph.Kind.erosion), (1, 5, .dilation), (7, 1, .erosion)].map { width, height, kind in
      var morph = Morphological()
      (morph.scale, morph.kind) = (.init(width: width, height: height), kind)
      return morph
    }
  }
}
