internal import Imaging

/// Where things of a street appear: a camera at the height of a car's roof looks along it.
struct StreetView {
  /// Horizontal position and height of the point where the street vanishes.
  var vanishing: Point
  /// Canvas heights that a metre has at a distance of one metre. That of a lens of 45° on an image of 5:4.
  static let focus = 1.5
  static let cameraMetres = 1.5

  /// A place in metres: to the right of the camera, above the ground, ahead.
  func point(_ right: Double, _ up: Double, _ ahead: Double) -> Point {
    let metre = Self.focus / ahead
    return Point(vanishing.x + right * metre, vanishing.y + (Self.cameraMetres - up) * metre)
  }

  /// Canvas heights of a metre.
  func metre(ahead: Double) -> Double { Self.focus / ahead }
}

/// A street at night without anything on it: cold sky, houses that give off the warmth of the day, asphalt, trees and
/// lamps.
struct ThermalStreet {
  let view: StreetView
  private let noise: ValueNoise
  private let sky, ground: Double
  private let houses: [Facade]
  private let trees: [(right: Double, ahead: Double, metres: Double)]
  private let lamps: [(right: Double, ahead: Double)]

  /// Half the widths of the roadway and of all the street, in metres.
  static let (road, walk) = (4.2, 7.6)

  /// A part of a house's wall along the street.
  private struct Facade {
    var side, near, far, metres, heat: Double
    /// Columns and rows of windows, and a number that says which are lit.
    var columns, rows: Int
    var lit: UInt64
  }

  init(aspect: Double, using random: inout RandomStream) {
    noise = ValueNoise(using: &random)
    view = StreetView(vanishing: Point(aspect * random.uniform(0.4...0.6), random.uniform(0.4...0.47)))
    (sky, ground) = (random.uniform(14...30), random.uniform(78...98))
    houses = [-1.0, 1].flatMap { side in Self.houses(side, using: &random) }
    trees = (0..<random.integer(2...5)).map { _ in
      let side = random.integer(0...1) == 0 ? -1.0 : 1
      return (side * random.uniform(6.6...7.4), random.uniform(11...45), random.uniform(4.5...7.5))
    }.sorted { $0.ahead > $1.ahead }
    lamps = stride(from: 12.0, through: 60, by: 16).map { ahead in (random.integer(0...1) == 0 ? -5.0 : 5, ahead) }
      .sorted { $0.ahead > $1.ahead }
  }

  private static func houses(_ side: Double, using random: inout RandomStream) -> [Facade] {
    var facades: [Facade] = []
    var near = random.uniform(2.5...6)
    while near < 70 {
      let length = random.uniform(8...18)
      facades.append(
        Facade(
          side: side, near: near, far: near + length, metres: random.uniform(6...15), heat: random.uniform(64...92),
          columns: Int(length / 3), rows: random.integer(2...4), lit: random.next()))
      near += length + (random.integer(0...2) == 0 ? random.uniform(3...7) : 0)
    }
    return facades.sorted { $0.near > $1.near }
  }

  func draw(on canvas: inout HeatCanvas) {
    drawSky(on: &canvas)
    drawGround(on: &canvas)
    for house in houses { draw(house, on: &canvas) }
    for tree in trees { drawTree(tree.right, tree.ahead, tree.metres, on: &canvas) }
    for lamp in lamps { drawLamp(lamp.right, lamp.ahead, on: &canvas) }
  }

  /// Warmer towards the horizon, where the air is thicker, and behind clouds.
  private func drawSky(on canvas: inout HeatCanvas) {
    let (sky, noise, horizon) = (sky, noise, view.vanishing.y)
    canvas.paint(from: .zero, to: Point(canvas.aspect, horizon + 0.02)) { point in
      let depth = max(0, min(1, point.y / horizon))
      let cloud = noise.cloud(point * Point(2.2, 5) + Point(40, 9), octaves: 4)
      return (sky + 34 * depth * depth + 14 * smoothStep(0.45, 0.75, cloud), 1)
    }
  }

  private func drawGround(on canvas: inout HeatCanvas) {
    let scale = canvas.scale
    let horizon = view.vanishing.y
    canvas.paint(from: Point(0, horizon - 0.01), to: Point(canvas.aspect, 1)) { point in
      (groundHeat(point), pixelCoverage((point.y - horizon) * scale))
    }
  }

  private func groundHeat(_ point: Point) -> Double {
    let depth = max(0.004, point.y - view.vanishing.y)
    let ahead = StreetView.focus * StreetView.cameraMetres / depth
    let right = (point.x - view.vanishing.x) * ahead / StreetView.focus
    let place = Point(right, ahead)
    let grain = noise.cloud(place * Point(1.6, 0.8) + Point(300, 0), octaves: 5) - 0.5
    let away = right.magnitude
    var heat = ground + 16 * grain
    // The wheels of the day have worn and warmed two tracks in each lane.
    let lane = (away - Self.road / 2).magnitude
    heat += 7 * smoothStep(0.5, 0.1, (lane - 0.75).magnitude)
    if away < 0.08 && (ahead / 3).truncatingRemainder(dividingBy: 2) < 1 { heat -= 20 }
    heat -= 26 * smoothStep(0.16, 0.06, (away - Self.road).magnitude)
    if away > Self.road + 0.1 { heat += 13 + 6 * (noise.cloud(place * 3, octaves: 2) - 0.5) }
    if away > Self.walk { heat -= 26 + 18 * grain }
    return heat + (66 - heat) * smoothStep(35, 130, ahead)
  }

  private func draw(_ house: Facade, on canvas: inout HeatCanvas) {
    let right = house.side * (Self.walk + 0.8)
    let corners = { (near: Double, far: Double, low: Double, high: Double) in
      [
        view.point(right, low, near), view.point(right, high, near), view.point(right, high, far),
        view.point(right, low, far),
      ]
    }
    let noise = noise
    let haze = { (heat: Double) in heat + (58 - heat) * smoothStep(25, 110, house.near) }
    canvas.fill(corners(house.near, house.far, 0, house.metres)) { point in
      haze(house.heat + 14 * (noise.cloud(point * 24 + Point(house.near, 70), octaves: 4) - 0.5))
    }
    canvas.fill(corners(house.near, house.far, house.metres - 0.35, house.metres), haze(house.heat - 16))
    let (step, floor) = ((house.far - house.near) / Double(house.columns), house.metres / Double(house.rows))
    for column in 0..<house.columns {
      for row in 0..<house.rows {
        let number = column * house.rows + row
        // Glass mirrors the sky; where somebody heats, the frame shows.
        let isLit = house.lit >> UInt64(number % 64) & 3 == 0
        let near = house.near + (Double(column) + 0.28) * step
        let low = (Double(row) + 0.32) * floor
        canvas.fill(corners(near, near + 0.44 * step, low, low + 0.46 * floor), haze(isLit ? 138 : 40))
        canvas.fill(
          corners(near + 0.05, near + 0.44 * step - 0.05, low + 0.1, low + 0.46 * floor - 0.1), haze(isLit ? 112 : 34))
      }
    }
  }

  private func drawTree(_ right: Double, _ ahead: Double, _ metres: Double, on canvas: inout HeatCanvas) {
    let (foot, metre) = (view.point(right, 0, ahead), view.metre(ahead: ahead))
    let size = metres * metre
    canvas.limb(foot, foot - Point(0, size * 0.6), width: 0.3 * metre, 92, fall: 12)
    let center = foot - Point(0, size * 0.72)
    let radii = Point(size * 0.34, size * 0.32)
    let (noise, scale) = (noise, canvas.scale)
    canvas.paint(from: center - radii * 1.3, to: center + radii * 1.3) { point in
      let from = (point - center) / radii
      let leaves = noise.cloud((point - foot) * (22 / size) + Point(right * 9, ahead), octaves: 4)
      let inside = 1 - (from * from).sum().squareRoot() - (leaves - 0.5) * 1.1
      return (60 + 44 * leaves, pixelCoverage(inside * radii.min() * scale))
    }
  }

  private func drawLamp(_ right: Double, _ ahead: Double, on canvas: inout HeatCanvas) {
    let (foot, top) = (view.point(right, 0, ahead), view.point(right, 6, ahead))
    let (head, metre) = (view.point(right * 0.72, 6.2, ahead), view.metre(ahead: ahead))
    canvas.limb(foot, top, width: 0.14 * metre, 66)
    canvas.limb(top, head, width: 0.1 * metre, 66)
    canvas.ellipse(head, radii: Point(0.34, 0.13) * metre, 205, fall: 40)
  }
}
