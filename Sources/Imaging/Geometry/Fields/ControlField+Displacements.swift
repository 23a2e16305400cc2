internal import Glibc

/// The displacements of a `ControlField` of inverse squares, in double precision.
struct InverseSquares: Displacements {
  let width, height: Int
  let smoothLength: Double
  private let places, values: [Point]

  init(_ places: [SIMD2<Float>], _ values: [SIMD2<Float>], _ shape: ImageShape) {
    (width, height, self.places, self.values) = (
      shape.width, shape.height, places.map { Point($0) }, values.map { Point($0) }
    )
    smoothLength = shape.smoothLength(amongControls: places.count)
  }

  /// The mean f = Σ w v / Σ w has the slopes Σ w' (v − f) / Σ w.
  func displacement(at point: Point) -> Displacement {
    var (sum, mean) = (0.0, Point.zero)
    for (place, value) in zip(places, values) {
      let weight = weight(point - place)
      sum += weight
      mean += weight * value
    }
    mean /= sum
    var (perColumn, perRow) = (Point.zero, Point.zero)
    for (place, value) in zip(places, values) {
      let offset = point - place
      let weight = weight(offset)
      let slope = -2 * weight * weight / sum * (value - mean)
      perColumn += slope * offset.x
      perRow += slope * offset.y
    }
    return Displacement(shift: mean - point, perColumn: perColumn - Point(1, 0), perRow: perRow - Point(0, 1))
  }

  private func weight(_ offset: Point) -> Double { 1 / ((offset * offset).sum() + 1e-8) }
}

/// The displacements of a `ControlField` that is a spline, in double precision.
struct ThinPlate: Displacements {
  let width, height: Int
  let smoothLength: Double
  private let size: Point
  private let places, weights, affine: [Point]

  init(_ places: [SIMD2<Float>], _ weights: [SIMD2<Float>], _ affine: [SIMD2<Float>], _ shape: ImageShape) {
    (width, height, size) = (shape.width, shape.height, Point(Double(shape.width), Double(shape.height)))
    (self.places, self.weights, self.affine) = (
      places.map { Point($0) }, weights.map { Point($0) }, affine.map { Point($0) }
    )
    smoothLength = shape.smoothLength(amongControls: places.count)
  }

  func displacement(at point: Point) -> Displacement {
    let share = point / size
    var place = affine[0] + affine[1] * share.x + affine[2] * share.y
    var (perColumn, perRow) = (affine[1], affine[2])
    for (control, weight) in zip(places, weights) {
      let offset = share - control
      let square = (offset * offset).sum()
      let logarithm = log(square + 1e-6)
      place += square * logarithm * weight
      let slope = 2 * (logarithm + square / (square + 1e-6)) * weight
      perColumn += slope * offset.x
      perRow += slope * offset.y
    }
    return Displacement(
      shift: place * size - point, perColumn: perColumn * size / size.x - Point(1, 0),
      perRow: perRow * size / size.y - Point(0, 1))
  }
}

extension ImageShape {
  /// A 16th of what lies between a grid of controls: about each, the field of inverse squares stands still.
  fileprivate func smoothLength(amongControls count: Int) -> Double {
    max(1, Double(min(width, height)) / Double(count).squareRoot() / 16)
  }
}
