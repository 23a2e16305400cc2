import Imaging

extension ReferenceCase {
  static let dropoutMakers: [String: Maker] = [
    "GridDropout": { reference, image, _ in
      guard let grid = try reference.parsed() as? GridDropout else { return PixelBuffer() }
      if !grid.randomOffset { return try reference.applied(to: image) }
      return try grid.operation(Holes(reference.rectangles("holes")), in: image.shape).applied(to: image)
    },
    "PixelDropout": { reference, image, folder in
      let marks: [Int32] = try reference.rows("marks", folder)
      let levels = reference.drawn["levels"] as? [Double] ?? []
      return try PixelDropout.operation(marks: marks.map { UInt8($0) }, levels: levels).applied(to: image)
    },
  ]

  private func rectangles(_ key: String) -> [Rectangle] {
    (drawn[key] as? [[String: Int]] ?? []).map { sides in
      Rectangle(x: sides["x"] ?? 0, y: sides["y"] ?? 0, width: sides["width"] ?? 0, height: sides["height"] ?? 0)
    }
  }
}
