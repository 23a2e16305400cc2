import Imaging
import TestSupport

/// Objects that are painted on a plane, each with its number as value, and the labels that mark them exactly.
struct PaintedScene {
  /// Of the image in colour.
  let shape: ImageShape
  /// For each pixel the number of the object from 1, or 0.
  let numbers: [UInt8]
  /// Their boxes and polygons.
  let labels: [LabelShape]

  /// Six objects that do not touch: rectangles, ellipses and octagons.
  init(_ size: ImageSize, using random: inout SeededGenerator) {
    let (width, height, columns, rows) = (size.width, size.height, 3, 2)
    shape = ImageShape(width: width, height: height, channels: 3)
    var numbers = [UInt8](repeating: 0, count: width * height)
    var labels: [LabelShape] = []
    for index in 0..<columns * rows {
      let cell = Vertex(Double(width / columns), Double(height / rows))
      let corner = cell * Vertex(Double(index % columns), Double(index / columns))
      let polygon = Self.polygon(index, in: Box(corner, corner + cell), using: &random)
      let area = PixelArea(inside: [polygon], in: shape)
      for run in area.runs {
        for x in run.columns { numbers[run.row * width + x] = UInt8(index + 1) }
      }
      // The border of what was painted, along the edges of pixels.
      let mask = RunLengths(area, width: width, height: height)
      let box = mask.bounds ?? Box(corner, corner)
      labels.append(LabelShape(box, outline: index % 3 == 0 ? .none : .polygons(mask.polygons)))
    }
    (self.numbers, self.labels) = (numbers, labels)
  }

  private static func polygon(_ index: Int, in cell: Box, using random: inout SeededGenerator) -> [Vertex] {
    let room = cell.size
    let size =
      Vertex(Double.random(in: 0.4...0.9, using: &random), Double.random(in: 0.4...0.9, using: &random)) * room
    let free = Vertex(Double.random(in: 0...1, using: &random), Double.random(in: 0...1, using: &random))
    let start = cell.upperLeft + free * (room - size)
    let box = Box(start.rounded(.down), (start + size).rounded(.down))
    if index % 3 == 0 { return box.corners }
    // Of a pointed corner pixels show less than lies between their centres, so the polygon has none.
    let count = index % 3 == 1 ? 48 : 8
    return (0..<count).map { corner in
      let angle = 2 * Double.pi * (Double(corner) + 0.5) / Double(count)
      return box.center + box.size / 2 * Vertex(sine(angle + .pi / 2), sine(angle))
    }
  }

  /// The numbers as pixels.
  var plane: PixelBuffer { Picture.of(ImageShape(width: shape.width, height: shape.height, channels: 1), numbers) }

  /// The pixels of an object in a plane of numbers.
  static func pixels(of object: Int, in plane: borrowing PixelBuffer) throws -> RunLengths {
    try RunLengths(painted(object, in: plane))
  }

  /// 255 where a plane of numbers shows the object, and 0 elsewhere.
  static func painted(_ object: Int, in plane: borrowing PixelBuffer) throws -> PixelBuffer {
    var pixels = PixelBuffer()
    let table = LookupTable { $0 == UInt8(object + 1) ? 255 : 0 }
    try Operation.lookup(table).apply(to: plane, into: &pixels)
    return pixels
  }
}

/// The distance of a point from the nearest of closed lines.
func distance(_ point: Vertex, to lines: [[Vertex]]) -> Double {
  var least = Double.infinity
  for corners in lines {
    for (first, second) in zip(corners, corners.dropFirst() + corners.prefix(1)) {
      let (along, offset) = (second - first, point - first)
      let share = min(max((along * offset).sum() / max((along * along).sum(), 1e-12), 0), 1)
      let rest = offset - along * share
      least = min(least, (rest * rest).sum().squareRoot())
    }
  }
  return least
}
