internal import CImaging

extension PixelBuffer {
  /// Copies `window` of `source`, with the border's pixels beyond the edge. OpenCV `copyMakeBorder`.
  mutating func take(
    _ window: Rectangle, of source: borrowing PixelBuffer, _ resampling: Resampling
  ) throws(ImagingError) {
    let from = source.shape
    precondition(window.width >= 0 && window.height >= 0, "a window has no negative sides")
    precondition(from.byteCount > 0 || window.width * window.height == 0, "an image without pixels has none to repeat")
    let columns = resampling.border.places(window.x, window.width, of: from.width)
    let rows = resampling.border.places(window.y, window.height, of: from.height)
    let fill = (0..<from.channels).map {
      UInt8(min(max(resampling.fill($0).rounded(.toNearestOrEven), 0), 255))
    }
    unsafe try self.fill(from.sized(window.width, window.height), from: source) { source, destination, message in
      unsafe cimaging_window(source, destination, columns, rows, fill, message)
    }
  }

  /// Scales a part of `source`, which lies in it, to `width` × `height` pixels. OpenCV `resize`.
  mutating func resize(
    _ part: Rectangle, of source: borrowing PixelBuffer, width: Int, height: Int,
    _ interpolation: Resampling.Interpolation
  ) throws(ImagingError) {
    precondition(width > 0 && height > 0 && part.isPart(of: source.shape), "a part of the image, and a result")
    let offset = part.y * source.rowStride + part.x * source.shape.channels
    unsafe try fill(source.shape.sized(width, height), from: source) { source, destination, message in
      var view = unsafe source.pointee
      unsafe view.base += offset
      unsafe (view.width, view.height) = (Int32(part.width), Int32(part.height))
      return unsafe cimaging_resize(&view, destination, Int32(interpolation.rawValue), message)
    }
  }
}

extension Resampling.Border {
  /// The rows or columns, of `count`, that stand in for `length` places from `first` on; −1 for fill.
  fileprivate func places(_ first: Int, _ length: Int, of count: Int) -> [Int32] {
    (0..<length).map { Int32(index(first + $0, of: count) ?? -1) }
  }
}

extension Rectangle {
  /// Whether it has pixels, all of them in an image of `shape`.
  func isPart(of shape: ImageShape) -> Bool {
    width > 0 && height > 0 && x >= 0 && y >= 0 && x <= shape.width - width && y <= shape.height - height
  }
}
