import Imaging

extension Variants {
  static let crops: [any Transform] = padded + resized + [sides, borders, corner] as [any Transform]

  private static var padded: [any Transform] {
    zip(PadPosition.allCases, Resampling.Border.allCases + [.constant]).flatMap { position, border in
      var crop = RandomCrop()
      (crop.width, crop.height, crop.padIfNeeded, crop.padPosition) = (17, 40, true, position)
      var part = Crop()
      (part.xMin, part.yMin, part.xMax, part.yMax) = (2, 1, 50, 12)
      (part.padIfNeeded, part.padPosition) = (true, position)
      var pad = PadIfNeeded()
      (pad.minHeight, pad.minWidth, pad.heightDivisor, pad.position) = (nil, 40, 7, position)
      (crop.resampling.border, part.resampling.border, pad.resampling.border) = (border, border, border)
      return [crop, part, pad] as [any Transform]
    }
  }

  private static var resized: [any Transform] {
    Resampling.Interpolation.allCases.flatMap { interpolation in
      var size = Resize()
      (size.width, size.height) = (21, 34)
      var share = RandomResizedCrop()
      (share.size, share.scale, share.ratio) = (ImageSize(width: 12, height: 20), 0.01...1, 0.1...10)
      var part = RandomSizedCrop()
      (part.heights, part.size, part.aspectRatio) = (1...200, ImageSize(width: 9, height: 9), 0.3)
      var safe = RandomSizedBBoxSafeCrop()
      (safe.width, safe.height, safe.erosionRate) = (14, 5, 1)
      var scale = RandomScale()
      scale.scaleLimit = -1...2
      var longest = LongestMaxSize()
      (longest.maxSize, longest.areaForDownscale) = ([5, 30, 70], .imageAndMask)
      var shortest = SmallestMaxSize()
      shortest.sideLimits = SideLimits(height: 6, width: 9)
      (size.resampling.interpolation, share.resampling.interpolation) = (interpolation, interpolation)
      (part.resampling.interpolation, safe.resampling.interpolation) = (interpolation, interpolation)
      (scale.resampling.interpolation, part.areaForDownscale) = (interpolation, .image)
      return [size, share, part, safe, scale, longest, shortest] as [any Transform]
    }
  }

  private static var sides: CropAndPad {
    var crop = CropAndPad()
    crop.shares = .each([
      .between(-0.3...0.2), .choice([0, 0.1, -0.2]), .fixed(0.25), .between(-0.1 ... -0.05),
    ])
    (crop.resampling.border, crop.resampling.fill) = (.reflect101, [1, 200])
    return crop
  }

  private static var borders: RandomCropFromBorders {
    var crop = RandomCropFromBorders()
    (crop.left, crop.right, crop.top, crop.bottom) = (1, 0, 0.5, 0.5)
    return crop
  }

  private static var corner: Pad {
    var pad = Pad()
    pad.padding = Pad.Sides(left: 3, top: 0, right: 70, bottom: 1)
    pad.resampling.border = .wrap
    return pad
  }
}
