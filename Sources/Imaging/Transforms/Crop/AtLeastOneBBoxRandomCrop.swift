/// Crops a part of fixed size that shows at least one of the boxes. Grey, colour and alpha.
///
/// Source: Albumentations `AtLeastOneBBoxRandomCrop`. Without labels or objects, every place is as likely.
package struct AtLeastOneBBoxRandomCrop: FixedCrop {
  package static let summary = "Crops a part of fixed size that shows at least one box, if there are labels."
  package static let parameters: [Parameter<AtLeastOneBBoxRandomCrop>] =
    Parameter.cropSize + [
      .number("erosion_factor", \.erosionFactor, in: 0...1, "share of the box that may be lost")
    ]

  package var height = 224
  package var width = 224
  package var erosionFactor = 0.0

  package init() {}

  package var needs: SampleNeeds { .objects }

  func place(in context: SampleContext, using random: inout RandomStream) -> (x: Int, y: Int) {
    let last = Vertex(Double(context.shape.width - width), Double(context.shape.height - height))
    var (start, end) = (Vertex.zero, last)
    if let objects = try? context.objects(), !objects.isEmpty {
      let box = objects[random.integer(0...objects.count - 1)].shape.box
      let kept = box.size * (1 - erosionFactor)
      start = (box.upperLeft + kept - Vertex(Double(width), Double(height))).clamped(
        lowerBound: .zero, upperBound: last)
      end = (box.lowerRight - kept).clamped(lowerBound: .zero, upperBound: last)
    }
    // Start and end may have changed sides, where the box is larger than the crop.
    let x = start.x + (end.x - start.x) * random.uniform()
    return (Int(x), Int(start.y + (end.y - start.y) * random.uniform()))
  }
}
