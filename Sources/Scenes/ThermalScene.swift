package import Imaging

/// Something that a generated image shows: the name of its class and its box.
package struct SceneObject: Hashable, Sendable {
  package let className: String
  /// Around all pixels of which it covers half or more, inside the image.
  package let box: Box
}

/// A street at night as a thermal camera sees it, and the warm things in it. None of them hides a part of another.
package struct ThermalScene {
  private let width, height: Int
  private let street: ThermalStreet
  /// Far ones first.
  private let placed: [PlacedObject]
  private let camera: ValueNoise

  /// The scene that a seed stands for.
  package init(seed: UInt64, width: Int, height: Int) {
    precondition(width > 0 && height > 0, "a generated image has pixels")
    (self.width, self.height) = (width, height)
    var random = StreamKey(seed: seed, path: SceneGenerator.Pattern.thermal.rawValue, copy: 0).stream(node: 0)
    let aspect = Double(width) / Double(height)
    camera = ValueNoise(using: &random)
    street = ThermalStreet(aspect: aspect, using: &random)
    placed = Self.place(in: street.view, aspect: aspect, using: &random)
  }

  /// Draws places until there are enough objects, and drops those that would hide or be hidden.
  private static func place(
    in view: StreetView, aspect: Double, using random: inout RandomStream
  ) -> [PlacedObject] {
    var placed: [PlacedObject] = []
    let wanted = random.integer(3...9)
    for _ in 0..<10 * wanted where placed.count < wanted {
      let kind = WarmObject.drawn(using: &random)
      let ahead = random.uniform(6...kind.farthest)
      let object = PlacedObject(
        kind: kind, foot: view.point(kind.right(using: &random), 0, ahead), metre: view.metre(ahead: ahead),
        facing: random.integer(0...1) == 0 ? -1 : 1, share: random.uniform(0...1), gait: random.uniform(0...1),
        isSideways: random.integer(0...4) == 0)
      guard object.foot.x > 0.04 && object.foot.x < aspect - 0.04 else { continue }
      if !placed.contains(where: { $0.surroundings.overlaps(object.surroundings) }) { placed.append(object) }
    }
    return placed.sorted { $0.metre < $1.metre }
  }

  /// The objects of which something is in the image.
  package var objects: [SceneObject] {
    let owners = canvas(of: [.objects]).owners
    var boxes: [Box?] = Array(repeating: nil, count: placed.count + 1)
    for (index, owner) in owners.enumerated() where owner > 0 {
      let corner = Vertex(Double(index % width), Double(index / width))
      let pixel = Box(corner, corner + Vertex(1, 1))
      boxes[Int(owner)] = boxes[Int(owner)]?.joined(pixel) ?? pixel
    }
    return zip(placed, boxes.dropFirst()).compactMap { object, box in
      box.map { SceneObject(className: object.kind.className, box: $0) }
    }
  }

  /// What goes into the picture of a scene.
  package struct Parts: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let street = Parts(rawValue: 1)
    package static let objects = Parts(rawValue: 2)
    /// Softness and shading of the lens, noise and stripes of the sensor.
    package static let camera = Parts(rawValue: 4)
    package static let all: Parts = [.street, .objects, .camera]
  }

  /// The picture: one channel, without alpha.
  package func image(of parts: Parts = .all) -> Image {
    let canvas = canvas(of: parts)
    var pixels = PixelBuffer(ImageShape(width: width, height: height, channels: 1))
    pixels.set(parts.contains(.camera) ? seen(canvas) : canvas.heat.map { Self.level(Double($0)) })
    return Image(color: pixels)
  }

  private func canvas(of parts: Parts) -> HeatCanvas {
    var canvas = HeatCanvas(width: width, height: height)
    if parts.contains(.street) { street.draw(on: &canvas) }
    guard parts.contains(.objects) else { return canvas }
    for (index, object) in placed.enumerated() {
      canvas.owner = UInt8(index + 1)
      object.draw(on: &canvas)
    }
    return canvas
  }

  private static func level(_ heat: Double) -> UInt8 { UInt8(max(0, min(255, heat + 0.5))) }
}

// MARK: The camera

extension ThermalScene {
  /// What the sensor makes of the temperatures.
  private func seen(_ canvas: HeatCanvas) -> [UInt8] {
    let heat = softened(canvas)
    let middle = Point(Double(width) / 2, Double(height) / 2)
    // Each column has an amplifier of its own, which is never quite like its neighbours.
    let stripes = (0..<width).map { 1.6 * camera.grain($0, -1) }
    return heat.indices.map { index in
      let (column, row) = (index % width, index / width)
      let from = (Point(Double(column) + 0.5, Double(row) + 0.5) - middle) / middle
      let light = 1 - 0.11 * (from * from).sum()
      let noise = camera.grain(column, row) + camera.grain(column + width, row)
      return Self.level(Double(heat[index]) * light + stripes[column] + 2.4 * noise)
    }
  }

  /// The lens resolves a little less than the sensor: each pixel gets a part of its neighbours.
  private func softened(_ canvas: HeatCanvas) -> [Float] {
    let (heat, width, height) = (canvas.heat, width, height)
    let across = heat.indices.map { index in
      let (row, column) = (index / width * width, index % width)
      return (heat[row + max(0, column - 1)] + 2 * heat[index] + heat[row + min(width - 1, column + 1)]) / 4
    }
    return across.indices.map { index in
      let (row, column) = (index / width, index % width)
      let (above, below) = (max(0, row - 1) * width + column, min(height - 1, row + 1) * width + column)
      return (across[above] + 2 * across[index] + across[below]) / 4
    }
  }
}

extension Box {
  /// The smallest box that holds both.
  fileprivate func joined(_ other: Box) -> Box {
    Box(pointwiseMin(upperLeft, other.upperLeft), pointwiseMax(lowerRight, other.lowerRight))
  }

  fileprivate func overlaps(_ other: Box) -> Bool {
    upperLeft.x < other.lowerRight.x && other.upperLeft.x < lowerRight.x && upperLeft.y < other.lowerRight.y
      && other.upperLeft.y < lowerRight.y
  }
}
