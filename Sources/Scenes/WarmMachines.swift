internal import Imaging

/// Cars and bicycles: cool metal and glass, warm tyres, hot engines and lamps.
extension PlacedObject {
  /// Along the road, so that its front or its rear is seen; the front is that of a car that has been driven.
  func drawCarFromFront(on canvas: inout HeatCanvas) {
    let isFront = gait > 0.45
    let paint = 118 + 26 * share
    let wide = 0.84 + 0.1 * share
    for side in [-1.0, 1] {
      canvas.fill(
        [at(side * wide, 0), at(side * wide, 0.4), at(side * (wide - 0.22), 0.4), at(side * (wide - 0.22), 0)], 172)
    }
    canvas.fill([at(-wide + 0.16, 0.14), at(-wide + 0.16, 0.3), at(wide - 0.16, 0.3), at(wide - 0.16, 0.14)], 148)
    canvas.fill([at(-0.62, 1.44), at(0.62, 1.44), at(wide - 0.08, 0.88), at(-wide + 0.08, 0.88)], paint - 8)
    canvas.fill([at(-0.55, 1.37), at(0.55, 1.37), at(wide - 0.17, 0.93), at(-wide + 0.17, 0.93)]) { point in
      46 + 26 * (point.y - at(0, 1.37).y) / (0.44 * metre)
    }
    let hood = isFront ? 52.0 : 6
    canvas.fill(
      [at(-wide, 0.3), at(-wide, 0.74), at(-wide + 0.1, 0.92), at(wide - 0.1, 0.92), at(wide, 0.74), at(wide, 0.3)]
    ) { point in
      let from = (point - at(0, 0.66)) / Point(0.9, 0.42) / metre
      return paint + hood * max(0, 1 - (from * from).sum())
    }
    if isFront {
      canvas.fill([at(-0.42, 0.42), at(-0.46, 0.62), at(0.46, 0.62), at(0.42, 0.42)], 222)
      for side in [-0.64, 0.64] { canvas.ellipse(at(side, 0.66), radii: Point(0.15, 0.09) * metre, 244, fall: 30) }
    } else {
      for side in [-0.7, 0.7] { canvas.ellipse(at(side, 0.74), radii: Point(0.12, 0.1) * metre, 172, fall: 10) }
      canvas.ellipse(at(0.5, 0.27), radii: Point(0.07, 0.06) * metre, 250)
      canvas.fill([at(-0.26, 0.5), at(-0.26, 0.61), at(0.26, 0.61), at(0.26, 0.5)], paint - 18)
    }
  }

  func drawCarFromSide(on canvas: inout HeatCanvas) {
    let paint = 116 + 24 * share
    canvas.fill([at(-1.8, 0.2), at(-1.8, 0.34), at(1.8, 0.34), at(1.8, 0.2)], 142)
    canvas.fill([at(-1.35, 0.88), at(-0.95, 1.38), at(0.25, 1.44), at(0.6, 1.38), at(1.2, 0.88)], paint - 6)
    canvas.fill([at(-1.18, 0.92), at(-0.86, 1.32), at(-0.2, 1.36), at(-0.2, 0.92)], 52)
    canvas.fill([at(-0.1, 0.92), at(-0.1, 1.36), at(0.5, 1.32), at(0.98, 0.92)], 48)
    canvas.fill([at(-2.1, 0.32), at(-2.12, 0.72), at(-1.9, 0.9), at(1.25, 0.94), at(2.05, 0.74), at(2.14, 0.36)]) {
      point in
      let from = (point - at(1.45, 0.7)) / Point(0.85, 0.5) / metre
      return paint + 62 * max(0, 1 - (from * from).sum())
    }
    for along in [-1.3, 1.34] {
      canvas.ellipse(at(along, 0.33), radii: Point(0.36, 0.33) * metre, 168)
      canvas.ellipse(at(along, 0.33), radii: Point(0.21, 0.2) * metre, 208, fall: 30)
    }
    canvas.ellipse(at(2.02, 0.62), radii: Point(0.09, 0.09) * metre, 240)
    canvas.ellipse(at(-2.06, 0.3), radii: Point(0.06, 0.05) * metre, 248)
  }

  /// Parked, seen from its side. The tyres and the saddle are still warm.
  func drawBike(on canvas: inout HeatCanvas) {
    let frame = 168 + 26 * share
    let (rear, front) = (at(-0.52, 0.35), at(0.54, 0.35))
    let (crank, saddle, head) = (at(-0.06, 0.3), at(-0.22, 0.86), at(0.38, 0.84))
    for hub in [rear, front] {
      canvas.ring(hub, radius: 0.32 * metre, width: 0.075 * metre, 182)
      canvas.ellipse(hub, radii: Point(0.06, 0.06) * metre, frame)
    }
    for (start, end) in [(rear, crank), (crank, saddle), (saddle, rear), (saddle, head), (crank, head), (head, front)] {
      canvas.limb(start, end, width: 0.07 * metre, frame)
    }
    canvas.limb(saddle, at(-0.25, 0.97), width: 0.06 * metre, frame)
    canvas.limb(at(-0.36, 0.98), at(-0.13, 0.98), width: 0.09 * metre, 204)
    canvas.limb(head, at(0.36, 1.02), width: 0.06 * metre, frame)
    canvas.limb(at(0.3, 1.02), at(0.5, 1.0), width: 0.07 * metre, 190)
  }
}
