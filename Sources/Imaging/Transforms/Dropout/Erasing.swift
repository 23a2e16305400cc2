/// Overwrites one rectangle of a random area and aspect. Grey and colour.
///
/// Source: Albumentations `Erasing`. Where no rectangle of the area fits, nothing happens; there it fails.
package struct Erasing: HoleDropout {
  package static let summary = "Overwrites one rectangle of a random area and aspect."
  package static let differences = ["nothing happens where no rectangle fits; Albumentations fails"]
  package static let parameters: [Parameter<Erasing>] =
    [
      .fixedOrRange("scale", \.scale, in: 0...1000, "area as a share of the image's"),
      .fixedOrRange("ratio", \.ratio, in: 0.0001...10_000, "width divided by height"),
    ] + Parameter.holeFills

  package var scale = 0.02...0.33
  package var ratio = 0.3...3.3
  package var fill = HoleFill.levels([0])
  package var fillMask: [Double]?

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Holes {
    let (width, height) = (Double(context.shape.width), Double(context.shape.height))
    let least = width * height * scale.lowerBound
    // The largest area for which both ends of the range of aspects fit.
    let most = min(
      width * height * scale.upperBound, ratio.lowerBound * height * height, width * width / ratio.upperBound)
    guard most >= least, most > 0 else { return Holes() }
    let area = random.uniform(least...most)
    let lower = max(ratio.lowerBound, area / (height * height)), upper = min(ratio.upperBound, width * width / area)
    guard lower <= upper else { return Holes() }
    let aspect = random.uniform(lower...upper)
    let size = (
      width: Int((area * aspect).squareRoot().rounded(.toNearestOrEven)),
      height: Int((area / aspect).squareRoot().rounded(.toNearestOrEven))
    )
    let y = random.integer(0...max(0, context.shape.height - size.height))
    let x = random.integer(0...max(0, context.shape.width - size.width))
    return Holes([Rectangle(x: x, y: y, width: size.width, height: size.height)], seed: random.next())
  }

  package func operation(_ drawn: Holes, for shape: ImageShape) -> Operation { operation(drawn, in: shape) }
}
