/// Overwrites rectangles on objects: of given values of the mask, or of given classes of boxes. Grey and colour.
///
/// Source: Albumentations `ConstrainedCoarseDropout`. Numbers among the labels name classes that are called so; there
/// they are the codes of an encoder.
package struct ConstrainedCoarseDropout: HoleDropout {
  package struct Drawn: Codable, Sendable {
    /// `nil` if nothing is known about objects.
    package var holes: [Rectangle]?
    /// Seeds a random fill.
    package var seed: UInt64

    package init(holes: [Rectangle]?, seed: UInt64) { (self.holes, self.seed) = (holes, seed) }
  }

  package static let summary = "Overwrites rectangles on objects of the mask, or on those in boxes."
  package static let differences = ["numbers in bbox_labels name classes that are called so, not codes of an encoder"]
  package static let parameters: [Parameter<ConstrainedCoarseDropout>] =
    [
      .integers(
        "num_holes_range", \.numHolesRange, in: 1...10_000, lowest: 1,
        "number of holes on each object; at most 10,000 on all together"),
      .fixedOrRange("hole_height_range", \.holeHeightRange, in: 0...1, "height of a hole as a share of its object's"),
      .fixedOrRange("hole_width_range", \.holeWidthRange, in: 0...1, "the same of its width"),
    ] + Parameter.holeFills + [maskIndices, bboxLabels]

  package var numHolesRange = 1...1
  package var holeHeightRange = 0.1...0.1
  package var holeWidthRange = 0.1...0.1
  package var fill = HoleFill.levels([0])
  package var fillMask: [Double]?
  package var maskIndices: [Int]?
  package var bboxLabels: [String]?

  package init() {}

  /// Albumentations has no default for what it covers.
  package static var example: ConstrainedCoarseDropout {
    var transform = ConstrainedCoarseDropout()
    transform.maskIndices = [1]
    return transform
  }

  package var needs: SampleNeeds {
    var needs: SampleNeeds = []
    if maskIndices != nil { needs.insert(.mask) }
    if bboxLabels != nil { needs.insert(.objects) }
    return needs
  }

  private static let mostHoles = 10_000

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let count = random.integer(numHolesRange)
    var holes: [Rectangle]?
    if let indices = maskIndices, let mask = try? context.mask() {
      holes = self.holes(on: mask, indices, count, using: &random)
    } else if let labels = bboxLabels, let objects = try? context.objects() {
      let boxes = objects.filter { labels.contains($0.className) }.map(\.shape.box)
      holes = self.holes(in: boxes, count, using: &random)
    }
    return Drawn(holes: holes, seed: random.next())
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    if shape.byteCount == 0 { return .identity }
    guard let holes = drawn.holes else { return .inapplicable("it has no mask or boxes that name the objects") }
    return operation(Holes(holes, seed: drawn.seed), in: shape)
  }

  /// About pixels of the objects, as large as a share of the square of the same area.
  private func holes(
    on mask: SceneMask, _ indices: [Int], _ count: Int, using random: inout RandomStream
  ) -> [Rectangle] {
    let wanted = Set(indices)
    let objects = MaskObjects(mask) { values in values.contains { wanted.contains(Int($0)) } ? 1 : 0 }
    var holes: [Rectangle] = []
    for area in objects.areas {
      let pixelCount = area.pixelCount
      for _ in 0..<min(count, Self.mostHoles - holes.count) {
        guard let center = area.pixel(random.integer(0...pixelCount - 1)) else { continue }
        let side = Double(pixelCount).squareRoot()
        let height = Int(side * random.uniform(holeHeightRange) / 2)
        let width = Int(side * random.uniform(holeWidthRange) / 2)
        holes.append(Rectangle(x: center.x - width, y: center.y - height, width: 2 * width, height: 2 * height))
      }
    }
    return holes
  }

  /// Anywhere in the boxes.
  private func holes(in boxes: [Box], _ count: Int, using random: inout RandomStream) -> [Rectangle] {
    var holes: [Rectangle] = []
    for box in boxes {
      for _ in 0..<min(count, Self.mostHoles - holes.count) {
        let height = (box.size.y * random.uniform(holeHeightRange)).rounded(.towardZero)
        let width = (box.size.x * random.uniform(holeWidthRange)).rounded(.towardZero)
        let x = box.upperLeft.x + random.uniform() * (box.size.x - width)
        let y = box.upperLeft.y + random.uniform() * (box.size.y - height)
        holes.append(Rectangle(x: Int(x), y: Int(y), width: Int(width), height: Int(height)))
      }
    }
    return holes
  }

  private static let maskIndices = Parameter<ConstrainedCoarseDropout>(
    name: "mask_indices", summary: "values of the objects in the mask, or null",
    text: { root in root.maskIndices.map { "[\($0.map { String($0) }.joined(separator: ", "))]" } ?? "null" }
  ) { value, root throws(ParameterError) in
    guard let list = try value.optionalList() else { return root.maskIndices = nil }
    var indices: [Int] = []
    for index in list { indices.append(try index.integer(in: 1...65_535)) }
    root.maskIndices = indices
  }

  private static let bboxLabels = Parameter<ConstrainedCoarseDropout>(
    name: "bbox_labels", summary: "classes of the boxes, or null",
    text: { root in root.bboxLabels.map { "[\($0.map(\.jsonText).joined(separator: ", "))]" } ?? "null" }
  ) { value, root throws(ParameterError) in
    guard let list = try value.optionalList() else { return root.bboxLabels = nil }
    var labels: [String] = []
    for label in list { labels.append(try label.className()) }
    root.bboxLabels = labels
  }
}

extension String {
  /// As a JSON string.
  fileprivate var jsonText: String {
    let escaped = unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\0"..<" ": "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }
}

extension ConfigValue {
  /// `nil` for null.
  fileprivate func optionalList() throws(ParameterError) -> [ConfigValue]? {
    switch content {
    case .null: return nil
    case .list(let values): return values
    default: throw ParameterError("must be a list or null, not \(description)")
    }
  }

  fileprivate func className() throws(ParameterError) -> String {
    switch content {
    case .text(let text): return text
    case .number(let number): return format(number)
    default: throw ParameterError("must hold names of classes, not \(description)")
    }
  }
}
