internal import Imaging

/// People and dogs: hottest where the skin is bare, cooler under clothes and fur.
extension PlacedObject {
  func drawPerson(on canvas: inout HeatCanvas) {
    let tall = 1.55 + 0.35 * share
    let clothes = 168 + 42 * gait
    let stride = (gait - 0.5) * 0.62
    let swing = -stride * 0.7
    let at = { (along: Double, up: Double) in self.at(along * tall / 1.75, up * tall / 1.75) }
    let size = metre * tall / 1.75
    for (step, heat) in [(-stride, clothes - 20), (stride, clothes - 12)] {
      let knee = at(step * 0.55 + 0.05, 0.47)
      canvas.limb(at(step * 0.1, 0.9), knee, width: 0.19 * size, heat, fall: 12)
      canvas.limb(knee, at(step, 0.08), width: 0.14 * size, heat - 2, fall: 10)
      canvas.limb(at(step, 0.05), at(step + 0.14, 0.04), width: 0.1 * size, 150)
    }
    drawArm(at, swing * -0.8, size, clothes - 14, on: &canvas)
    canvas.fill([at(-0.16, 0.86), at(-0.2, 1.4), at(-0.1, 1.5), at(0.12, 1.5), at(0.2, 1.38), at(0.16, 0.86)]) {
      point in
      let from = (point - at(0, 1.18)) / Point(0.24, 0.42) / size
      return clothes + 10 - 26 * min(1, (from * from).sum())
    }
    drawArm(at, swing, size, clothes - 4, on: &canvas)
    canvas.limb(at(0.01, 1.48), at(0.02, 1.56), width: 0.11 * size, 226)
    canvas.ellipse(at(0.03, 1.64), radii: Point(0.092, 0.125) * size, 246, fall: 24)
    canvas.ellipse(at(0, 1.7), radii: Point(0.085, 0.07) * size, 205, fall: 12)
  }

  private func drawArm(
    _ at: (Double, Double) -> Point, _ swing: Double, _ size: Double, _ heat: Double, on canvas: inout HeatCanvas
  ) {
    let elbow = at(swing * 0.5 - 0.03, 1.13)
    canvas.limb(at(0, 1.42), elbow, width: 0.12 * size, heat, fall: 14)
    canvas.limb(elbow, at(swing + 0.05, 0.9), width: 0.095 * size, heat + 4, fall: 12)
    canvas.ellipse(at(swing + 0.07, 0.85), radii: Point(0.055, 0.06) * size, 228, fall: 14)
  }

  func drawDog(on canvas: inout HeatCanvas) {
    let size = 0.75 + 0.4 * share
    let at = { (along: Double, up: Double) in self.at(along * size, up * size) }
    let metre = metre * size
    let fur = 158 + 30 * gait
    let step = (gait - 0.5) * 0.22
    for (along, swing, heat) in [
      (-0.3, step, fur - 34), (0.24, -step, fur - 34), (-0.24, -step, fur - 16), (0.3, step, fur - 16),
    ] {
      canvas.limb(at(along, 0.32), at(along + swing, 0.03), width: 0.065 * metre, heat, fall: 14)
    }
    canvas.limb(at(-0.36, 0.46), at(-0.58, 0.62), width: 0.05 * metre, fur - 40)
    canvas.limb(at(-0.2, 0.47), at(0.15, 0.48), width: 0.2 * metre, fur - 4, fall: 26)
    canvas.ellipse(at(-0.24, 0.46), radii: Point(0.15, 0.135) * metre, fur, fall: 24)
    canvas.ellipse(at(0.2, 0.46), radii: Point(0.17, 0.16) * metre, fur + 4, fall: 24)
    canvas.limb(at(0.26, 0.5), at(0.42, 0.64), width: 0.15 * metre, fur + 8, fall: 16)
    canvas.ellipse(at(0.47, 0.68), radii: Point(0.11, 0.09) * metre, fur + 30, fall: 18)
    canvas.limb(at(0.5, 0.65), at(0.62, 0.61), width: 0.075 * metre, fur + 18)
    canvas.fill([at(0.39, 0.72), at(0.42, 0.83), at(0.48, 0.74)], fur + 6)
    canvas.ellipse(at(0.5, 0.7), radii: Point(0.025, 0.025) * metre, 250)
  }
}
