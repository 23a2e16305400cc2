// Parts of images as operations. Rectangles may come from a file, so that none of them may trap.

extension Operation {
  /// A window on an image of `shape`; beyond its edge lies the border.
  static func window(_ window: Rectangle, of shape: ImageShape, _ resampling: Resampling) -> Operation {
    guard shape.byteCount > 0, window != shape.whole else { return .identity }
    guard window.isUsable else { return .impossible("\(window) is not a window") }
    return .geometry(.window(window), resampling.fillingEveryChannel)
  }

  /// A part of an image of `shape`.
  static func crop(_ part: Rectangle, of shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    guard part.isPart(of: shape) else { return .impossible("its crop of \(part) is not in the image, \(shape.size)") }
    return window(part, of: shape, Resampling())
  }

  /// A part of an image of `shape`, resized.
  static func crop(
    _ part: Rectangle, of shape: ImageShape, to size: ImageSize, _ resampling: Resampling
  ) -> Operation {
    guard shape.byteCount > 0, part.isPart(of: shape), part.size != size else { return crop(part, of: shape) }
    return .geometry(.part(part, width: size.width, height: size.height), resampling)
  }
}

extension Rectangle: CustomStringConvertible {
  /// "30x20+5+7": width, height and upper left corner.
  package var description: String { "\(width)x\(height)\(x < 0 ? "" : "+")\(x)\(y < 0 ? "" : "+")\(y)" }

  var size: ImageSize { ImageSize(width: width, height: height) }

  /// Whether it has pixels and no coordinate overflows in sums and products of two.
  fileprivate var isUsable: Bool {
    let limits = -1_000_000_000...1_000_000_000
    return width > 0 && height > 0 && [x, y, width, height].allSatisfy(limits.contains)
  }

  /// The pixels between two corners in an image of `shape`, at least one; what is left of whole numbers is cut off.
  init(from start: Vertex, to end: Vertex, in shape: ImageShape) {
    func limited(_ place: Double, _ limit: Int) -> Int { Int(min(max(0, place), Double(max(0, limit)))) }
    let (x, y) = (limited(start.x, shape.width - 1), limited(start.y, shape.height - 1))
    self.init(
      x: x, y: y, width: max(1, limited(end.x, shape.width) - x), height: max(1, limited(end.y, shape.height) - y))
  }

  /// A part of an image of `shape`, as large as `size` or, where that is larger, the image; each place is as likely.
  /// Albumentations `get_crop_coords`.
  static func part(_ size: ImageSize, of shape: ImageShape, using random: inout RandomStream) -> Rectangle {
    let (width, height) = (min(size.width, shape.width), min(size.height, shape.height))
    let y = random.integer(0...max(0, shape.height - height))
    return Rectangle(x: random.integer(0...max(0, shape.width - width)), y: y, width: width, height: height)
  }

  /// The part in the middle of an image of `shape`, which is at least as large.
  static func middle(_ size: ImageSize, of shape: ImageShape) -> Rectangle {
    Rectangle(
      x: max(0, shape.width - size.width) / 2, y: max(0, shape.height - size.height) / 2, width: size.width,
      height: size.height)
  }
}

extension ImageShape {
  var whole: Rectangle { Rectangle(x: 0, y: 0, width: width, height: height) }

  /// Why a crop cannot be cut from an image of this shape; `nil` if it can.
  func refusal(ofCrop size: ImageSize) -> String? {
    guard size.width > width || size.height > height else { return nil }
    return "its crop of \(size) is larger than the image, \(self.size)"
  }
}
