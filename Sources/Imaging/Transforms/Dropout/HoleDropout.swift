internal import CImaging

/// A transform that overwrites rectangles.
package protocol HoleDropout: Transform {
  var fill: HoleFill { get set }
  /// The value of holes in masks; `nil`: masks stay as they are.
  var fillMask: [Double]? { get set }
}

/// Rectangles that are overwritten.
package struct Holes: Codable, Sendable {
  package var holes: [Rectangle]
  /// Seeds a random fill.
  package var seed: UInt64

  package init(_ holes: [Rectangle] = [], seed: UInt64 = 0) { (self.holes, self.seed) = (holes, seed) }
}

extension Parameter where Root: HoleDropout {
  /// `fill` and `fill_mask`.
  static var holeFills: [Parameter] {
    [
      .holeFill("fill", \.fill),
      .optionalLevels("fill_mask", \.fillMask, upTo: 65_535, "the value of holes in masks, or null to keep masks"),
    ]
  }
}

extension HoleDropout {
  /// Overwrites holes as far as they lie in the image.
  package func operation(_ holes: Holes, in shape: ImageShape) -> Operation {
    if let reason = fill.reason(against: shape.channels) { return .inapplicable(reason) }
    let rectangles = holes.holes.map { $0.part(of: shape) }
    guard rectangles.contains(where: { $0.width > 0 && $0.height > 0 }) else { return .identity }
    return .drop(
      Drop(
        PixelArea(rectangles, in: shape), maskFill: fillMask?.map { $0.rounded(.towardZero) },
        change: fill.change(of: rectangles, seed: holes.seed)))
  }
}

extension HoleFill {
  /// - Parameter holes: within the image.
  fileprivate func change(of holes: [Rectangle], seed: UInt64) -> Operation.Pixels {
    let colored = colored(holes, seed: seed)
    return switch self {
    case .levels, .randomUniform:
      Operation.change { source, destination, message in
        unsafe cimaging_fill_holes(source, destination, colored, colored.count, message)
      }
    case .random:
      Operation.change { source, destination, message in
        unsafe cimaging_fill_holes_randomly(source, destination, colored, colored.count, seed, message)
      }
    case .inpainted(let method):
      Operation.change { source, destination, message in
        unsafe cimaging_inpaint_holes(source, destination, colored, colored.count, method.rawValue, message)
      }
    }
  }

  /// With their colours, which a fill without any ignores.
  private func colored(_ holes: [Rectangle], seed: UInt64) -> [cimaging_hole] {
    if case .levels(let levels) = self { return holes.map { cimaging_hole($0, levels.threeLevels) } }
    var random = SplitMix64(seed: seed)
    return holes.map { hole in
      let bits = random.next()
      func byte(_ place: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: bits >> (8 * place)) }
      return cimaging_hole(hole, (byte(0), byte(1), byte(2)))
    }
  }
}

extension cimaging_hole {
  fileprivate init(_ hole: Rectangle, _ color: (UInt8, UInt8, UInt8)) {
    self.init(x: Int32(hole.x), y: Int32(hole.y), width: Int32(hole.width), height: Int32(hole.height), color: color)
  }
}

extension Rectangle {
  /// The part within an image; without width or height if there is none.
  fileprivate func part(of shape: ImageShape) -> Rectangle {
    let columns = Self.part(x, width, of: shape.width), rows = Self.part(y, height, of: shape.height)
    return Rectangle(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
  }

  private static func part(_ start: Int, _ count: Int, of limit: Int) -> Range<Int> {
    let (end, isTooFar) = start.addingReportingOverflow(max(count, 0))
    let first = min(max(start, 0), limit)
    return first..<max(first, min(isTooFar ? limit : end, limit))
  }
}

extension PixelArea {
  /// The pixels of an image that lie in any of the rectangles, all of which lie in it.
  init(_ rectangles: [Rectangle], in shape: ImageShape) {
    var rows = [[Range<Int>]](repeating: [], count: shape.height)
    for rectangle in rectangles where rectangle.width > 0 {
      for row in rectangle.y..<rectangle.y + rectangle.height {
        rows[row].append(rectangle.x..<rectangle.x + rectangle.width)
      }
    }
    self.init(rows: rows.map(\.joined))
  }
}

extension [Range<Int>] {
  /// The same numbers in disjoint ranges, in ascending order.
  fileprivate var joined: [Range<Int>] {
    if count < 2 { return self }
    var joined: [Range<Int>] = []
    for range in sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, range.lowerBound <= last.upperBound {
        joined[joined.count - 1] = last.lowerBound..<Swift.max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    return joined
  }
}
