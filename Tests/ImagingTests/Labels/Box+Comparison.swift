import Imaging

extension MovedBoxes {
  func follower() throws -> LabelFollower { try LabelFollower(operations: [try operation()], from: source) }
}

extension LabelFollower {
  /// Where a box goes that has neither outline nor points; `nil` if nothing is left of it.
  func box(_ box: Box) throws -> Box? { try follow(LabelShape(box)).shape?.box }
}

extension Box {
  /// The whole image.
  static func whole(_ shape: ImageShape) -> Box { Box(.zero, Vertex(Double(shape.width), Double(shape.height))) }

  /// Left, top, right, bottom.
  var edges: [Double] { [upperLeft.x, upperLeft.y, lowerRight.x, lowerRight.y] }

  /// The part inside an image of `shape`; `nil` if there is none.
  func clipped(to shape: ImageShape) -> Box? {
    let image = Box.whole(shape)
    let clipped = Box(pointwiseMax(upperLeft, image.upperLeft), pointwiseMin(lowerRight, image.lowerRight))
    return clipped.size.min() > 0 ? clipped : nil
  }

  func isInside(_ shape: ImageShape) -> Bool { isInside(.whole(shape), grownBy: 0) }

  func isInside(_ other: Box, grownBy margin: Double) -> Bool {
    zip(edges, other.edges).enumerated().allSatisfy { $0 < 2 ? $1.0 >= $1.1 - margin : $1.0 <= $1.1 + margin }
  }

  /// The pixels that Albumentations paints for the box: its edges rounded to whole numbers, half to even, and kept in
  /// the image, the last ones included.
  func painted(in shape: ImageShape) -> Box {
    let last = Vertex(Double(shape.width - 1), Double(shape.height - 1))
    func place(_ corner: Vertex) -> Vertex { pointwiseMin(pointwiseMax(corner.rounded(.toNearestOrEven), .zero), last) }
    return Box(place(upperLeft), place(lowerRight) + Vertex(1, 1))
  }
}

extension Box? {
  /// Whether both are `nil`, or no edge differs by more than `tolerance`. A box thinner than that counts as `nil`.
  func isNear(_ other: Box?, _ tolerance: Double) -> Bool {
    switch (self, other) {
    case (let box?, let other?): zip(box.edges, other.edges).allSatisfy { abs($0 - $1) <= tolerance }
    case (nil, nil): true
    case (let box?, nil), (nil, let box?): box.shorterSide <= tolerance
    }
  }

  /// Whether it lies in the other; always if it is `nil`.
  func isInside(_ other: Box?, grownBy margin: Double) -> Bool {
    guard let box = self else { return true }
    return other.map { box.isInside($0, grownBy: margin) } ?? (box.shorterSide <= margin)
  }
}

extension SIMD2<Double> {
  /// The larger distance from 0.
  var largest: Double { Swift.max(abs(x), abs(y)) }
}
