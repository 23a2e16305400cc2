internal import Imaging

/// A landscape: sky and sun, ridges behind one another, and a meadow with a path, houses and trees.
struct Scene {
  private let mood: Mood
  private let noise: ValueNoise
  private let aspect: Double
  private let horizon: Double
  private let sun: Point
  private let cloudiness: Double
  private let ridges: [Ridge]
  private let path: Path
  /// From far to near, the drawing order.
  private let objects: [SceneObject]

  private enum SceneObject {
    case house(House)
    case tree(Tree)

    var foot: Point {
      switch self {
      case .house(let house): house.foot
      case .tree(let tree): tree.foot
      }
    }
  }

  /// A line of hills across the whole image.
  private struct Ridge {
    var base, roughness, wavelength, offset: Double
    var octaves: Int
    var color: Color
  }

  /// A path from the far end of the meadow that widens towards the lower edge.
  private struct Path {
    var near, far, bend: Double

    /// The x of its middle at `depth`: 0 at the horizon, 1 at the lower edge.
    func middle(_ depth: Double) -> Double {
      far + (near - far) * depth + bend * depth * (1 - depth) * (1 - 2 * depth)
    }

    static func halfWidth(_ depth: Double) -> Double { 0.004 + 0.085 * depth * depth }
  }

  /// Samples the contents and their positions.
  init(aspect: Double, using random: inout RandomStream) {
    mood = Mood.all[random.integer(0...Mood.all.count - 1)]
    noise = ValueNoise(using: &random)
    self.aspect = aspect
    horizon = random.uniform(0.52...0.64)
    sun = Point(aspect * random.uniform(0.15...0.85), horizon * (1 - random.uniform(mood.sunHeight)))
    cloudiness = random.uniform(0.36...0.6)
    ridges = Self.ridges(horizon: horizon, mood, using: &random)
    path = Path(
      near: aspect * random.uniform(0.25...0.75), far: aspect * random.uniform(0.35...0.65),
      bend: aspect * random.uniform(-1...1))
    objects = Self.objects(aspect: aspect, horizon: horizon, path, using: &random)
  }

  private static func ridges(horizon: Double, _ mood: Mood, using random: inout RandomStream) -> [Ridge] {
    let (blue, green, count) = (Color(74, 92, 128), mood.grass * 0.62, 4)
    return (0..<count).map { index in
      let nearness = Double(index) / Double(count - 1)
      return Ridge(
        base: horizon - 0.07 + 0.09 * nearness, roughness: 0.26 - 0.19 * nearness,
        wavelength: random.uniform(0.35...0.6) + 0.25 * nearness, offset: random.uniform(0...900),
        octaves: 6 - index,
        color: mix(mix(blue, green, nearness * 1.1), mood.haze, 0.62 - 0.55 * nearness))
    }
  }

  private static func objects(
    aspect: Double, horizon: Double, _ path: Path, using random: inout RandomStream
  ) -> [SceneObject] {
    /// A point at least `room` from the path's edge; both shrink with distance.
    func foot(_ depths: ClosedRange<Double>, room: Double) -> Point {
      let depth = random.uniform(depths)
      let (middle, clear) = (path.middle(depth), Path.halfWidth(depth) + room * depth)
      let x = aspect * random.uniform(0...1)
      let side = x < middle ? -1.0 : 1.0
      return Point(abs(x - middle) < clear ? middle + side * clear : x, horizon + (1 - horizon) * depth)
    }
    let houses = (0..<random.integer(2...4)).map { index in
      let spot = foot(0.16 + 0.07 * Double(index)...0.2 + 0.09 * Double(index), room: 0.45)
      return SceneObject.house(House(foot: spot, unit: spot.y - horizon, using: &random))
    }
    let woods = (0..<random.integer(14...24)).map { _ in
      let spot = foot(0.05...0.34, room: 0.12)
      return SceneObject.tree(Tree(foot: spot, unit: spot.y - horizon, using: &random))
    }
    let near = (0..<random.integer(1...2)).map { _ in
      let spot = foot(0.5...0.62, room: 0.35)
      return SceneObject.tree(Tree(foot: spot, unit: spot.y - horizon, using: &random))
    }
    return (houses + woods + near).sorted { $0.foot.y < $1.foot.y }
  }

  func draw(on canvas: inout Canvas) {
    canvas.paint(to: Point(aspect, horizon + 0.1)) { (sky($0), 1) }
    for ridge in ridges { draw(ridge, on: &canvas) }
    let scale = canvas.scale
    canvas.paint(from: Point(0, horizon - 0.02)) { point in
      (meadow(point), pixelCoverage((point.y - meadowTop(point.x)) * scale))
    }
    let context = SceneContext(mood: mood, noise: noise, sunX: sun.x)
    for object in objects {
      switch object {
      case .house(let house): house.draw(on: &canvas, in: context)
      case .tree(let tree): tree.draw(on: &canvas, in: context)
      }
    }
    grain(on: &canvas)
  }

  private func sky(_ point: Point) -> Color {
    let height = max(0, 1 - point.y / horizon)
    var color = mix(mood.haze, mood.zenith, smoothStep(-0.05, 0.95, height))
    let away = point - sun
    let distance = (away * away).sum().squareRoot()
    color = mix(color, mood.sun, 0.75 / (1 + distance * distance * 60))
    // Clouds appear flatter the farther away they are.
    let spread = 0.22 + height
    let place = Point((point.x - aspect / 2) / spread * 2.2 + 50, 7 / spread)
    let thickness = noise.cloud(place, octaves: 6)
    let cover = smoothStep(1 - cloudiness, 1.28 - cloudiness, thickness) * smoothStep(0.02, 0.2, height)
    let lower = noise.cloud(place + Point(0.06, 0.12), octaves: 4)
    let white = mix(mood.lit(Color(150, 158, 176)), mood.lit(Color(255, 255, 255)), 0.75 + (thickness - lower) * 2.4)
    color = mix(color, white, cover * 0.92)
    let disc = smoothStep(0.04, 0.034, distance) * (1 - cover * 0.8)
    return mix(color, mix(mood.sun, Color(255, 255, 255), 0.5), disc)
  }

  private func draw(_ ridge: Ridge, on canvas: inout Canvas) {
    func top(_ x: Double) -> Double {
      let place = Point((x + 3) / ridge.wavelength + ridge.offset, ridge.offset)
      return ridge.base - ridge.roughness * (noise.cloud(place, octaves: ridge.octaves) - 0.35)
    }
    let scale = canvas.scale
    let tops = (0..<canvas.width).map { top((Double($0) + 0.5) / scale) }
    canvas.paint(to: Point(aspect, horizon + 0.06)) { point in
      let depth = point.y - tops[min(tops.count - 1, Int(point.x * scale))]
      guard depth > -0.01 else { return (Color(), 0) }
      let rough = noise.cloud(point * Point(22, 34) + Point(ridge.offset, 0), octaves: 4)
      let shaded = ridge.color * (0.8 + 0.4 * rough)
      return (mix(shaded, mood.haze, smoothStep(0, 0.2, depth) * 0.45), pixelCoverage(depth * scale))
    }
  }

  /// The upper edge of the meadow at `x`: not quite level.
  private func meadowTop(_ x: Double) -> Double {
    horizon + 0.012 * (noise.cloud(Point(x * 3 + 9, 4), octaves: 3) - 0.5)
  }

  private func meadow(_ point: Point) -> Color {
    let depth = max(0.012, (point.y - horizon) / (1 - horizon))
    // Perspective: the same ground grows with nearness.
    let ground = Point((point.x - aspect / 2) / depth, 1 / depth)
    let patches = noise.cloud(ground * Point(0.7, 1.6) + Point(200, 0), octaves: 4)
    let blades = noise.cloud(point * Point(130, 52), octaves: 4)
    let farGrass = noise.cloud(point * Point(150, 420), octaves: 2)
    let tufts = farGrass + (blades - farGrass) * smoothStep(0.08, 0.5, depth)
    var color = mix(mood.grass, mood.dryGrass, smoothStep(0.32, 0.72, patches))
    color *= 0.66 + 0.52 * tufts + 0.16 * patches
    let fromMiddle = abs(point.x - path.middle(depth)) / Path.halfWidth(depth)
    let ragged = fromMiddle + (tufts - 0.5) * 0.5
    let sand = Color(198, 176, 138) * (0.8 + 0.3 * tufts) * (1 - 0.12 * smoothStep(0.25, 0, abs(fromMiddle - 0.5)))
    color = mix(color, sand, smoothStep(1.08, 0.86, ragged))
    return mix(mood.lit(color), mood.haze, smoothStep(0.22, 0, depth) * 0.55)
  }

  /// Sensor grain, which also keeps a clear sky from banding.
  private func grain(on canvas: inout Canvas) {
    for row in 0..<canvas.height {
      for column in 0..<canvas.width { canvas.brighten(by: noise.grain(column, row) * 2.5, column: column, row: row) }
    }
  }
}
