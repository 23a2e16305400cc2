internal import Imaging

/// The properties of a scene that its houses and trees need for drawing.
struct SceneContext {
  var mood: Mood
  var noise: ValueNoise
  /// The sun's horizontal position.
  var sunX: Double
}

/// A house with a front gable, seen slightly from one side.
struct House {
  /// The middle of the front wall's lower edge.
  let foot: Point
  private let width, wall, gable, length: Double
  /// 1 if the long side is on the right, −1 if it is on the left.
  private let side: Double
  private let plaster, tiles: Color

  /// Samples a house. `unit` is its distance below the horizon, at that place the height of one or two people.
  init(foot: Point, unit: Double, using random: inout RandomStream) {
    self.foot = foot
    width = unit * random.uniform(0.62...0.85)
    wall = unit * random.uniform(0.5...0.66)
    gable = unit * random.uniform(0.36...0.52)
    length = unit * random.uniform(0.7...1.1)
    side = random.integer(0...1) == 0 ? 1 : -1
    let plasters = [Color(236, 226, 206), Color(222, 196, 150), Color(206, 134, 110), Color(214, 220, 222)]
    let roofs = [Color(164, 74, 52), Color(128, 66, 54), Color(96, 92, 98), Color(142, 96, 66)]
    plaster = plasters[random.integer(0...plasters.count - 1)]
    tiles = roofs[random.integer(0...roofs.count - 1)]
  }

  func draw(on canvas: inout Canvas, in context: SceneContext) {
    let sunIsOnLongSide = (context.sunX - foot.x) * side > 0
    let (front, flank) = sunIsOnLongSide ? (0.8, 1.0) : (1.02, 0.68)
    let shadow = Point(foot.x + side * length * 0.4 - (context.sunX - foot.x) * 0.12 * wall, foot.y)
    canvas.shade(shadow, radii: Point(width + length, wall * 0.42), Color(24, 34, 26), opacity: 0.5)
    drawChimney(on: &canvas, context)
    canvas.fill([at(0.5, 0), at(0.5, 1), at(0.5, 1, back: 1), at(0.5, 0, back: 1)]) {
      textured(plaster, flank, $0, context)
    }
    drawWindows(on: &canvas, context, brightness: flank)
    canvas.fill([at(-0.5, 0), at(-0.5, 1), at(0, 1, up: 1), at(0.5, 1), at(0.5, 0)]) {
      textured(plaster, front, $0, context)
    }
    drawFront(on: &canvas, context, brightness: front)
    drawRoof(on: &canvas, context, brightness: flank)
  }

  /// A point on the house: `across` in widths from the middle, `high` in wall heights, `up` in gable heights above the
  /// wall, `back` in lengths along the side, which rises a little with distance.
  private func at(_ across: Double, _ high: Double, up: Double = 0, back: Double = 0) -> Point {
    let x = across * width + back * length * 0.8
    let y = high * wall * (1 - 0.1 * back) + up * gable * (1 - 0.1 * back) + back * wall * 0.09
    return Point(foot.x + side * x, foot.y - y)
  }

  private func textured(_ color: Color, _ brightness: Double, _ point: Point, _ context: SceneContext) -> Color {
    let stain = context.noise.cloud(point * 140, octaves: 3)
    return context.mood.lit(color, brightness * (0.88 + 0.2 * stain))
  }

  private func drawRoof(on canvas: inout Canvas, _ context: SceneContext, brightness: Double) {
    let (top, eave) = (at(0, 1.03, up: 1.03), at(0.58, 0.97, up: -0.16))
    let (farTop, farEave) = (at(0, 1.03, up: 1.03, back: 1.04), at(0.58, 0.97, up: -0.16, back: 1.04))
    let course = gable / 9
    canvas.fill([top, farTop, farEave, eave]) { point in
      let row = ((point.y - top.y) / course).truncatingRemainder(dividingBy: 1)
      return textured(tiles, brightness * (0.86 + 0.24 * abs(row)), point, context)
    }
    let farSide = at(-0.58, 0.97, up: -0.16)
    for (low, shade) in [(farSide, 0.62), (eave, 0.75)] {
      let thickness = Point(0, gable * 0.11)
      canvas.fill([top, low, low + thickness, top + thickness], context.mood.lit(tiles, shade))
    }
  }

  private func drawChimney(on canvas: inout Canvas, _ context: SceneContext) {
    let (low, high) = (at(0.1, 1, up: 0.6, back: 0.55), at(0.1, 1, up: 1.3, back: 0.55))
    let half = Point(width * 0.07, 0)
    canvas.fill([low - half, high - half, high + half, low + half], context.mood.lit(Color(150, 96, 78)))
    let cap = Point(width * 0.09, 0)
    let thickness = Point(0, gable * 0.08)
    canvas.fill(
      [high - cap, high - cap - thickness, high + cap - thickness, high + cap], context.mood.lit(Color(92, 80, 76)))
  }

  private func drawWindows(on canvas: inout Canvas, _ context: SceneContext, brightness: Double) {
    for place in [0.18, 0.5, 0.82] {
      let (left, right) = (place - 0.08, place + 0.08)
      let corners = { (low: Double, high: Double, margin: Double) in
        [
          at(0.5, low, back: left + margin), at(0.5, high, back: left + margin),
          at(0.5, high, back: right - margin), at(0.5, low, back: right - margin),
        ]
      }
      canvas.fill(corners(0.4, 0.78, 0), context.mood.lit(Color(240, 236, 226), brightness))
      canvas.fill(corners(0.44, 0.74, 0.022), context.mood.lit(Color(58, 72, 90), brightness))
    }
  }

  private func drawFront(on canvas: inout Canvas, _ context: SceneContext, brightness: Double) {
    let box = { (middle: Double, half: Double, low: Double, high: Double, up: Double) in
      [
        at(middle - half, low), at(middle - half, high, up: up),
        at(middle + half, high, up: up), at(middle + half, low),
      ]
    }
    let (frame, glass) = (
      context.mood.lit(Color(244, 240, 230), brightness), context.mood.lit(Color(64, 80, 100), brightness)
    )
    canvas.fill(box(-0.2, 0.11, 0, 0.62, 0), frame)
    canvas.fill(box(-0.2, 0.085, 0, 0.58, 0), context.mood.lit(Color(104, 66, 44), brightness))
    for (middle, low, high) in [(0.22, 0.32, 0.7), (0, 1.0, 1.3)] {
      canvas.fill(box(middle, 0.115, low, high, 0), frame)
      for half in [-0.048, 0.048] { canvas.fill(box(middle + half, 0.04, low + 0.04, high - 0.04, 0), glass) }
    }
  }
}
