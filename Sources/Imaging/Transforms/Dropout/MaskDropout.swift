/// Overwrites objects of the mask, in the image and in the mask. Grey and colour.
///
/// Source: Albumentations `MaskDropout`, OpenCV `connectedComponents`. It fails on a fill by inpainting and on masks of
/// colours; here such a fill is refused, and each colour but black is a kind of object.
package struct MaskDropout: Transform {
  package struct Drawn: Codable, Sendable {
    /// What is overwritten; `nil` if the mask is not known.
    package var area: RunLengths?

    package init(area: RunLengths?) { self.area = area }
  }

  package static let summary = "Overwrites objects of the mask, in the image and in the mask."
  package static let differences = ["masks of colours are taken too; each colour but black is a kind of object"]
  package static let parameters: [Parameter<MaskDropout>] = [
    .integers("max_objects", \.maxObjects, in: 1...1_000_000, lowest: 1, "number of objects"),
    .number("fill", \.fill, in: 0...255, "level of their pixels in the image"),
    .number("fill_mask", \.fillMask, in: 0...65_535, "the same in the mask"),
  ]

  package var maxObjects = 1...1
  package var fill = 0.0
  package var fillMask = 0.0

  package init() {}

  package var needs: SampleNeeds { .certainMask }

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    guard let mask = try? context.mask() else { return Drawn(area: nil) }
    let objects = MaskObjects(mask) { values in values.reduce(0) { $0 << 16 | UInt64($1) } }.areas
    let count = min(random.integer(maxObjects), objects.count)
    let dropped = random.sample(count, of: objects.count).map { objects[$0] }
    return Drawn(
      area: RunLengths(PixelArea(disjoint: dropped), width: mask.shape.width, height: mask.shape.height))
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    if shape.byteCount == 0 { return .identity }
    guard let area = drawn.area else { return .inapplicable("it has no mask") }
    guard area.width == shape.width, area.height == shape.height else {
      return .inapplicable("its mask has another size")
    }
    if area.area == 0 { return .identity }
    let (pixels, level) = (area.pixelArea, UInt8(fill))
    return .drop(
      Drop(pixels, maskFill: [fillMask.rounded(.towardZero)], hiding: [.visibility, .keypoints]) {
        (source, destination) throws(ImagingError) in
        try destination.copy(from: source)
        destination.fill(pixels, with: Array(repeating: level, count: source.shape.channels))
      })
  }
}
