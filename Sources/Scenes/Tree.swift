internal import Imaging

/// A broad-leaved tree or a conifer.
struct Tree {
  /// Where the trunk meets the ground.
  let foot: Point
  private let height, spread, lean: Double
  private let isConifer: Bool
  private let leaves: Color
  /// Clumps of leaves relative to the foot: x and radius in spreads, y in heights.
  private let clumps: [(at: Point, radius: Double)]

  /// Samples a tree; `unit` is how far it stands below the horizon.
  init(foot: Point, unit: Double, using random: inout RandomStream) {
    self.foot = foot
    isConifer = random.integer(0...2) == 0
    height = unit * random.uniform(1.1...1.9)
    spread = height * (isConifer ? random.uniform(0.17...0.23) : random.uniform(0.27...0.36))
    lean = random.uniform(-0.04...0.04)
    let greens = [Color(62, 104, 46), Color(84, 122, 50), Color(108, 124, 48), Color(72, 96, 62), Color(164, 118, 48)]
    leaves = isConifer ? Color(44, 78, 54) : greens[random.integer(0...greens.count - 1)]
    clumps = (0..<14).map { _ in
      let (x, y) = (random.uniform(-1...1), random.uniform(-1...1))
      let inner = 1 / max(1, (x * x + y * y).squareRoot())
      return (Point(x * inner * 0.62, -0.66 + y * inner * 0.2), random.uniform(0.4...0.62))
    }
  }

  func draw(on canvas: inout Canvas, in context: SceneContext) {
    let shadow = Point(foot.x - (context.sunX - foot.x) * 0.1 * height, foot.y)
    canvas.shade(shadow, radii: Point(spread * 1.5, spread * 0.3), Color(22, 34, 24), opacity: 0.55)
    let bark = context.mood.lit(Color(88, 68, 52), 0.9)
    let (half, top) = (height * 0.028, Point(foot.x + lean * height, foot.y - height * 0.7))
    canvas.fill(
      [foot - Point(half, 0), top - Point(half / 2, 0), top + Point(half / 2, 0), foot + Point(half, 0)], bark)
    if isConifer { drawBranches(on: &canvas, context) } else { drawCrown(on: &canvas, context) }
  }

  private func drawCrown(on canvas: inout Canvas, _ context: SceneContext) {
    // The lower clumps first, so that the sunlit ones end up in front.
    for clump in clumps.sorted(by: { $0.at.y > $1.at.y }) {
      let center = foot + Point(clump.at.x * spread + lean * height, clump.at.y * height)
      let radius = clump.radius * spread
      canvas.paint(from: center - Point(radius, radius) * 1.2, to: center + Point(radius, radius) * 1.2) { point in
        leaf((point - center) / radius, at: point, context, brightness: 0.5 - clump.at.y * 0.62)
      }
    }
  }

  private func drawBranches(on canvas: inout Canvas, _ context: SceneContext) {
    let tiers = 5
    for tier in 0..<tiers {
      let share = Double(tier) / Double(tiers)
      let (low, tall, wide) = (0.12 + 0.7 * share, 0.34 - 0.12 * share, 1 - 0.76 * share)
      let tip = foot - Point(0, (low + tall) * height)
      let size = Point(wide * spread, tall * height)
      canvas.paint(from: tip - Point(size.x * 1.2, 0), to: tip + size * 1.2) { point in
        let within = (point - tip) / size
        let shape = Point(within.x / max(0.05, within.y), max(0, within.y - 0.25) * 1.25)
        return leaf(shape, at: point, context, brightness: 0.98 - 0.3 * within.y)
      }
    }
  }

  /// Colour and coverage of a clump at the offset `from` its centre: the rim lies at a distance of about 1.
  private func leaf(
    _ from: Point, at point: Point, _ context: SceneContext, brightness: Double
  ) -> (color: Color, coverage: Double) {
    let fine = context.noise.cloud((point - foot) * (26 / height) + Point(300, 300), octaves: 3)
    let distance = (from * from).sum().squareRoot() + (fine - 0.5) * 0.75
    guard distance < 1 else { return (Color(), 0) }
    let towardSun = (context.sunX > foot.x ? 1.0 : -1.0) * from.x * 0.16 - from.y * 0.2
    let color = context.mood.lit(leaves, brightness * (0.62 + 0.66 * fine) + towardSun * 0.8)
    return (color, smoothStep(1, 0.88, distance))
  }
}
