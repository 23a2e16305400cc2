extension LabelShape {
  /// What the object covers, in square pixels: its outline, or its box if it has none.
  package func area() throws(ImagingError) -> Double {
    switch outline {
    case .none: box.area
    case .mask(let mask): Double(mask.area)
    case .polygons(let polygons): try polygons.enclosedArea()
    }
  }
}

extension [[Vertex]] {
  /// What an odd number of the closed lines encloses, in square pixels.
  package func enclosedArea() throws(ImagingError) -> Double {
    guard let box = Box(around: joined()), joined().allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return 0 }
    return try ClippedPolygons(self, to: box).wholeArea
  }
}
