/// How far each pixel of a warped image lies from its source, in pixels, row by row: out(x, y) = in(x + dx, y + dy).
package struct DisplacementField: Sendable {
  package var dx: [Float]
  package var dy: [Float]

  package init(dx: [Float], dy: [Float]) {
    self.dx = dx
    self.dy = dy
  }
}
