/// Crops around a box, each side of which is moved at random. Grey, colour and alpha.
///
/// Source: Albumentations `RandomCropNearBBox`, which is given a box with each image. Here it is that of the image's
/// only object, or else of the first object whose class is named as `cropping_bbox_key` says, in whole pixels; in an
/// image without such an object it is the whole image.
package struct RandomCropNearBBox: Transform {
  package static let summary = "Crops around a box, each side of which is moved at random; needs labels."
  package static let defaultProbability = 1.0
  package static let parameters: [Parameter<RandomCropNearBBox>] = [
    .range(
      "max_part_shift", \.maxPartShift, in: 0...1, lowest: 0,
      "most shift of upper and lower sides as a share of the box, and of the others"),
    .text("cropping_bbox_key", \.className, "class of the object, if an image has several"),
  ]

  /// The lower bound for the height, the upper one for the width.
  package var maxPartShift = 0...0.3
  package var className = "cropping_bbox"

  package init() {}

  package var needs: SampleNeeds { .certainObjects }

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Rectangle {
    guard context.shape.byteCount > 0 else { return context.shape.whole }
    let box = box(in: context)
    let columns = Self.moved(
      box.x..<box.x + box.width, in: context.shape.width, by: maxPartShift.upperBound, using: &random)
    let rows = Self.moved(
      box.y..<box.y + box.height, in: context.shape.height, by: maxPartShift.lowerBound, using: &random)
    guard !columns.isEmpty, !rows.isEmpty else { return .middle(box.size, of: context.shape) }
    return Rectangle(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
  }

  package func fixed(at drawn: Rectangle) -> PipelineNode? { .crop(drawn) }

  /// The box in whole pixels of the image, at least one.
  private func box(in context: SampleContext) -> Rectangle {
    let objects = (try? context.objects()) ?? []
    let object = objects.count == 1 ? objects[0] : objects.first { $0.className == className }
    guard let box = object?.shape.box else { return context.shape.whole }
    return Rectangle(
      from: box.upperLeft.rounded(.toNearestOrEven), to: box.lowerRight.rounded(.toNearestOrEven), in: context.shape)
  }

  private static func moved(
    _ places: Range<Int>, in length: Int, by share: Double, using random: inout RandomStream
  ) -> Range<Int> {
    let most = Int((Double(places.count) * share).rounded(.toNearestOrEven))
    let start = max(0, places.lowerBound - random.integer(-most...most))
    let end = min(length, places.upperBound + random.integer(-most...most))
    return start..<max(start, end)
  }

  package func operation(_ drawn: Rectangle, for shape: ImageShape) -> Operation { .crop(drawn, of: shape) }
}
