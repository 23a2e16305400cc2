import Imaging

extension Variants {
  static let geometries: [any Transform] = affine + fields + [shuffle(1, 64), shuffle(7, 2)] + morphs

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

  private static var fields: [any Transform] {
    var pieces = PiecewiseAffine()
    (pieces.rowCount, pieces.columnCount, pieces.scale, pieces.absoluteScale) = (2...6, 3...3, 0...30, true)
    var plate = ThinPlateSpline()
    (plate.controlPointCount, plate.scaleRange) = (2, 0...1)
    (plate.resampling.interpolation, plate.resampling.border) = (.lanczos, .reflect101)
    var cells = GridElasticDeform()
    (cells.grid, cells.magnitude, cells.resampling.interpolation) = (.init(rows: 2, columns: 9), 40, .cubic)
    return [pieces, plate, cells]
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
