/// A random crop that keeps all boxes.
protocol BoxSafeCrop: Transform where Drawn == Rectangle {
  /// How much of the extent of several boxes need not be kept, 0 ... 1.
  var erosionRate: Double { get set }
}

extension BoxSafeCrop {
  package static var defaultProbability: Double { 1 }

  package var needs: SampleNeeds { .certainObjects }

  /// Without boxes, a crop with the proportions of the image.
  package func sample(for context: SampleContext, using random: inout RandomStream) -> Rectangle {
    guard let kept = kept(of: (try? context.objects()) ?? []) else { return anyCrop(of: context.shape, using: &random) }
    let shape = context.shape
    let start = Vertex(random.uniform(), random.uniform()) * kept.upperLeft
    let rest = shape.frame.lowerRight - kept.lowerRight
    let end = kept.lowerRight + rest * Vertex(random.uniform(), random.uniform())
    return Rectangle(from: start, to: end, in: shape)
  }

  /// The extent of all boxes, narrower if there are several; `nil` if nothing must be kept.
  private func kept(of objects: [SceneObject]) -> Box? {
    let corners = objects.flatMap { [$0.shape.box.upperLeft, $0.shape.box.lowerRight] }
    guard erosionRate < 1, let union = Box(around: corners) else { return nil }
    if objects.count == 1 { return union }
    let erosion = union.size * erosionRate / 2
    return Box(union.upperLeft + erosion, union.lowerRight - erosion)
  }

  private func anyCrop(of shape: ImageShape, using random: inout RandomStream) -> Rectangle {
    guard shape.byteCount > 0 else { return shape.whole }
    let height = random.integer(max(1, Int(Double(shape.height) * (1 - erosionRate)))...shape.height)
    let size = ImageSize(width: max(1, height * shape.width / shape.height), height: height)
    return .part(size, of: shape, using: &random)
  }
}

extension Parameter where Root: BoxSafeCrop {
  static var erosionRate: Parameter {
    .number(
      "erosion_rate", \.erosionRate, in: 0...1, "share of the extent of several boxes that may be lost")
  }
}
