internal import CImaging

/// Dilation or erosion: each pixel becomes the largest or the least of those under an ellipse. What lies beyond the edge
/// does not count.
package struct Morph: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    /// What is bright grows.
    case dilation
    /// What is bright shrinks.
    case erosion
  }

  package var kind: Kind
  /// Of the ellipse, in pixels. Its middle is the pixel at half of both sides, rounded down.
  package var width, height: Int

  /// OpenCV `dilate` and `erode`.
  func apply(to source: borrowing PixelBuffer, into destination: inout PixelBuffer) throws(ImagingError) {
    let (width, height, isDilation) = (Int32(width), Int32(height), Int32(kind == .dilation ? 1 : 0))
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_morph(source, destination, width, height, isDilation, message)
    }
  }

  /// What becomes of a box of objects that are bright in a mask of 0 elsewhere; of no extent if it vanishes.
  func moved(_ box: Box, in frame: Box) -> Box {
    // An ellipse of one row has one pixel only.
    let middle = Vertex(height == 1 ? 0 : Double(width / 2), Double(height / 2))
    let rest = Vertex(height == 1 ? 0 : Double(width - 1), Double(height - 1)) - middle
    guard kind == .erosion else { return Box(box.upperLeft - rest, box.lowerRight + middle).intersection(frame) }
    let (start, end) = (box.upperLeft + middle, box.lowerRight - rest)
    // Sides at the edge of the image stay there.
    let eroded = Box(
      start.replacing(with: frame.upperLeft, where: box.upperLeft .<= frame.upperLeft),
      end.replacing(with: frame.lowerRight, where: box.lowerRight .>= frame.lowerRight))
    return Box(eroded.upperLeft, pointwiseMax(eroded.upperLeft, eroded.lowerRight))
  }
}
