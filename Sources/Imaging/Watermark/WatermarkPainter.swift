/// Draws one watermark on images of any size. Keeps what it scaled for recent sizes. Not shared between threads.
package final class WatermarkPainter {
  private let watermark: Watermark
  private let source: any MarkSource
  private var layers = RecentLayers()

  init(_ watermark: Watermark) throws(WatermarkError) {
    precondition((0...1).contains(watermark.opacity), "opacity is a share")
    precondition(watermark.scale.map { $0 > 0 && $0.isFinite } ?? true, "a mark has a size")
    self.watermark = watermark
    source =
      switch watermark.content {
      case .text(let text, let font): try TextMarks(text, font: font)
      case .image(let path): try FileMark(path: path)
      }
  }

  /// Makes what grey and colour images of this size need, so that processes forked afterwards inherit it.
  package func prepare(width: Int, height: Int) throws {
    for channels in [1, 3] { _ = try layer(for: ImageShape(width: width, height: height, channels: channels)) }
  }

  /// Draws the marks that images up to this size need, so that processes forked afterwards need draw none.
  package func prepareMarks(upTo size: ImageSize) throws(WatermarkError) {
    let shape = ImageShape(width: size.width, height: size.height, channels: 1)
    try source.prepare(for: MarkPlace(in: shape, scale: scale))
  }

  /// Paints over the colours of an image; its alpha plane stays as it is.
  package func paint(on image: inout PixelBuffer) throws(ImagingError) {
    guard image.shape.byteCount > 0, watermark.opacity > 0 else { return }
    let place = MarkPlace(in: image.shape, scale: scale)
    do throws(WatermarkError) {
      let layer = try layer(for: image.shape)
      let corner = place.corner(of: layer.shape, watermark.gravity)
      layer.paint(on: &image, x: corner.x, y: corner.y)
    } catch {
      if case .scaling(let error) = error { throw error }
      throw error.isShortage ? .outOfMemory : .failed("\(error)")
    }
  }

  private var scale: Double { watermark.scale ?? type(of: source).defaultScale }

  private func layer(for shape: ImageShape) throws(WatermarkError) -> MarkLayer {
    if let layer = layers[shape] { return layer }
    let place = MarkPlace(in: shape, scale: scale)
    let master = try source.master(for: place)
    let mark: Mark
    do throws(ImagingError) {
      mark = try master.scaled(for: place)
    } catch {
      throw .scaling(error)
    }
    let opacity = UInt8((watermark.opacity * 255).rounded())
    let layer = MarkLayer(mark, channels: shape.channels, opacity: opacity)
    layers.keep(layer, for: shape)
    return layer
  }
}

/// The part of an image in which a mark may lie, and the height that it should have.
struct MarkPlace {
  private let image: ImageShape
  /// Pixels between the mark and the edge: 3 % of the shorter side.
  private let margin: Int
  let height: Double
  let maxWidth: Int
  let maxHeight: Int

  init(in image: ImageShape, scale: Double) {
    self.image = image
    let side = min(image.width, image.height)
    margin = side * 3 / 100
    height = Double(side) * scale
    (maxWidth, maxHeight) = (image.width - 2 * margin, image.height - 2 * margin)
  }

  /// The upper left corner of a mark.
  func corner(of mark: ImageShape, _ gravity: Watermark.Gravity) -> (x: Int, y: Int) {
    let x = (start: margin, middle: (image.width - mark.width) / 2, end: image.width - mark.width - margin)
    let y = (start: margin, middle: (image.height - mark.height) / 2, end: image.height - mark.height - margin)
    return switch gravity {
    case .northWest: (x.start, y.start)
    case .north: (x.middle, y.start)
    case .northEast: (x.end, y.start)
    case .west: (x.start, y.middle)
    case .center: (x.middle, y.middle)
    case .east: (x.end, y.middle)
    case .southWest: (x.start, y.end)
    case .south: (x.middle, y.end)
    case .southEast: (x.end, y.end)
    }
  }
}

/// The layers of the sizes seen last.
private struct RecentLayers {
  private static let countLimit = 16
  private static let byteLimit = 1 << 25
  /// The newest last.
  private var kept: [(image: ImageShape, layer: MarkLayer)] = []

  subscript(image: ImageShape) -> MarkLayer? { kept.last { $0.image == image }?.layer }

  mutating func keep(_ layer: MarkLayer, for image: ImageShape) {
    kept.append((image, layer))
    while kept.count > 1, kept.count > Self.countLimit || byteCount > Self.byteLimit { kept.removeFirst() }
  }

  private var byteCount: Int { kept.reduce(0) { $0 + $1.layer.shape.byteCount } }
}
