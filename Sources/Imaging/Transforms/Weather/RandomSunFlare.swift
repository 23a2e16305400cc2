internal import CImaging
internal import Glibc

/// Adds the sun and its reflections in a lens. Colour only.
///
/// Source: Albumentations `RandomSunFlare`, OpenCV `circle`; "physics_based" is within a level of it, because the light
/// is rounded to bytes after its first blur.
package struct RandomSunFlare: Transform {
  package enum Method: String, CaseIterable, Sendable {
    case overlay
    case physicsBased = "physics_based"
  }

  package struct Drawn: Codable, Sendable {
    /// Column of the sun.
    package var x: Int
    /// Row of the sun.
    package var y: Int
    package var circles: [Circle]

    package init(x: Int, y: Int, circles: [Circle]) { (self.x, self.y, self.circles) = (x, y, circles) }
  }

  /// A reflection.
  package struct Circle: Codable, Sendable {
    package var opacity: Double
    package var x: Int
    package var y: Int
    /// In pixels; "physics_based" draws its cube root.
    package var radius: Int
    /// Red, green and blue.
    package var color: [UInt8]

    package init(opacity: Double, x: Int, y: Int, radius: Int, color: [UInt8]) {
      (self.opacity, self.x, self.y, self.radius, self.color) = (opacity, x, y, radius, color)
    }
  }

  package static let summary = "Adds the sun and its reflections in a lens."
  package static let parameters: [Parameter<RandomSunFlare>] = [
    .region("flare_roi", \.flareRoi, "where the sun may be"),
    .integer("src_radius", \.srcRadius, in: 2...100_000, "radius of the sun in pixels"),
    .color("src_color", \.srcColor, "colour of the sun"),
    .range("angle_range", \.angleRange, in: 0...1, lowest: 0, "direction of the reflections, in turns"),
    .integers("num_flare_circles_range", \.numFlareCirclesRange, in: 1...100, lowest: 1, "number of reflections"),
    .choice("method", \.method, "whether to blend discs, or to add a blurred light with spikes"),
  ]

  package var flareRoi = Region(x: 0...1, y: 0...0.5)
  /// Of the sun, in pixels.
  package var srcRadius = 400
  package var srcColor: [UInt8] = [255, 255, 255]
  /// Range of the direction of the reflections in turns.
  package var angleRange = 0.0...1.0
  package var numFlareCirclesRange = 6...10
  package var method = Method.overlay

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let (width, height) = (context.shape.width, context.shape.height)
    let angle = 2 * Double.pi * random.uniform(angleRange)
    let x = Int(Double(width) * random.uniform(flareRoi.x))
    let y = Int(Double(height) * random.uniform(flareRoi.y))
    let count = random.integer(numFlareCirclesRange)
    let step = max(1, Int((Double(height * height + width * width)).squareRoot() * 0.01))
    let stepCount = max(1, (width + step - 1) / step)
    let circles = (0..<count).map { _ in
      let opacity = random.uniform(0.05...0.2)
      let way = Double(random.integer(0...stepCount - 1) * step - x)
      let radius = random.integer(1...max(2, Int(Double(height) * 0.01)))
      return Circle(
        opacity: opacity, x: Int(Double(x) + way * cos(angle)), y: Int(Double(y) + way * sin(angle)),
        radius: radius * radius * radius, color: color(&random))
    }
    return Drawn(x: x, y: y, circles: circles)
  }

  /// Each channel up to a fifth of the brightest darker than the sun.
  private func color(_ random: inout RandomStream) -> [UInt8] {
    let range = Int(Double(srcColor.max() ?? 0) * 0.2)
    return srcColor.map { level in UInt8(random.integer(max(Int(level) - range, 0)...Int(level))) }
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.channels == 3 else { return .inapplicable("it needs a colour image") }
    guard !drawn.circles.isEmpty else { return .identity }
    switch method {
    case .overlay: return .sequence([reflections(drawn.circles), sun(drawn)])
    case .physicsBased: return glare(drawn)
    }
  }
}

extension RandomSunFlare {
  private func reflections(_ circles: [Circle]) -> Operation {
    let circles = circles.map { $0.inC(radius: $0.radius) }
    return .kernel { source, destination, message in
      unsafe cimaging_blend_discs(source, destination, circles, circles.count, message)
    }
  }

  /// Blends the sun's colour with discs of growing radius and falling opacity, all on the same centre: a pixel passes
  /// those from the first that covers it to the last.
  private func sun(_ drawn: Drawn) -> Operation {
    let count = srcRadius / 10
    guard count > 0 else { return .identity }
    let radii = Self.evenly(1, Double(srcRadius), count: count).map { coordinate(Int($0)) }
    let strengths = Self.evenly(0, min(Self.strength(drawn.circles), 1), count: count)
    let tables = ringTables(strengths.reversed().map { $0 * $0 * $0 })
    let (x, y) = (coordinate(drawn.x), coordinate(drawn.y))
    return .kernel { source, destination, message in
      unsafe radii.withUnsafeBufferPointer { radii in
        unsafe tables.withUnsafeBufferPointer { tables in
          var rings = unsafe cimaging_rings(
            x: x, y: y, count: radii.count, radii: radii.baseAddress, tables: tables.baseAddress)
          return unsafe cimaging_lookup_rings(source, destination, &rings, message)
        }
      }
    }
  }

  /// Five times the mean opacity, weighted by radius.
  private static func strength(_ circles: [Circle]) -> Double {
    let (weighted, total) = circles.reduce((0.0, 0.0)) { sums, circle in
      (sums.0 + circle.opacity * Double(circle.radius), sums.1 + Double(circle.radius))
    }
    return total > 0 ? weighted / total * 5 : 0
  }

  /// `count` numbers from `first` to `last` at equal distances; the first alone if there is one.
  private static func evenly(_ first: Double, _ last: Double, count: Int) -> [Double] {
    let step = (last - first) / Double(max(count - 1, 1))
    return (0..<count).map { $0 > 0 && $0 == count - 1 ? last : Double($0) * step + first }
  }

  /// For each ring a table per channel: its own blend and those of all rings outside it. Blends in single precision, with
  /// one rounding of product and sum.
  private func ringTables(_ opacities: [Double]) -> [UInt8] {
    var outside = (0..<768).map { UInt8(truncatingIfNeeded: $0) }
    var rings: [[UInt8]] = []
    for opacity in opacities.reversed() {
      let (share, rest) = (Float(opacity), Float(1 - opacity))
      outside = (0..<768).map { place in
        let below = Float(place % 256) * rest
        let blended = below.addingProduct(Float(srcColor[place / 256]), share)
        return outside[place / 256 * 256 + Int(min(max(blended.rounded(.toNearestOrEven), 0), 255))]
      }
      rings.append(outside)
    }
    return rings.reversed().flatMap { $0 }
  }

  private func glare(_ drawn: Drawn) -> Operation {
    let circles = drawn.circles.map { $0.inC(radius: Int(pow(Double($0.radius), 0.33))) }
    let (x, y, radius) = (coordinate(drawn.x), coordinate(drawn.y), coordinate(srcRadius))
    let color = (srcColor[0], srcColor[1], srcColor[2])
    return .kernel { source, destination, message in
      unsafe circles.withUnsafeBufferPointer { circles in
        var glare = unsafe cimaging_glare(
          x: x, y: y, radius: radius, color: color, circles: circles.baseAddress, count: circles.count)
        return unsafe cimaging_add_glare(source, destination, &glare, message)
      }
    }
  }
}

extension RandomSunFlare.Circle {
  fileprivate func inC(radius: Int) -> cimaging_flare_circle {
    let levels = (0..<3).map { $0 < color.count ? color[$0] : 0 }
    return cimaging_flare_circle(
      opacity: opacity, x: coordinate(x), y: coordinate(y), radius: Int32(min(max(radius, 0), 1 << 30)),
      color: (levels[0], levels[1], levels[2]))
  }
}
