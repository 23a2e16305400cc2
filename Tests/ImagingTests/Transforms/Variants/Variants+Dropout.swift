import Imaging

extension Variants {
  static var dropouts: [any Transform] {
    var many = CoarseDropout()
    (many.numHolesRange, many.holeHeightRange, many.holeWidthRange) = (20...60, 0...30, 1...200)
    (many.fill, many.fillMask) = (.random, [7])
    var large = CoarseDropout()
    (large.holeHeightRange, large.holeWidthRange, large.fill) = (0...0.99, 0.5...1, .randomUniform)
    var colored = Erasing()
    (colored.scale, colored.ratio, colored.fill) = (0...1, 0.0001...10_000, .levels([255, 127.5, 1]))
    var cells = GridDropout()
    (cells.unitSizeRange, cells.ratio, cells.fill) = ([2, 5], 0.7, .randomUniform)
    var table = GridDropout()
    (table.holesNumberXY, table.randomOffset, table.shiftXY, table.ratio) = ([3, 2], false, [65_535, 1], 1)
    var stripes = XYMasking()
    (stripes.numMasksX, stripes.numMasksY, stripes.maskXLength, stripes.maskYLength) = (0...9, 3...3, 0...4, 1...4)
    stripes.fill = .random
    var all = PixelDropout()
    (all.dropoutProb, all.dropValue, all.maskDropValue) = (1, nil, [3])
    var values = PixelDropout()
    (values.dropoutProb, values.perChannel, values.dropValue) = (0.4, true, [10, 20, 30])
    var none = PixelDropout()
    none.dropoutProb = 0
    return [many, large, colored, cells, table, stripes, all, values, none]
  }
}
