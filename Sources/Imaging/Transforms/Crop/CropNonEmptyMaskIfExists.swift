/// Crops a part of fixed size that shows something of the mask. Grey, colour and alpha.
///
/// Source: Albumentations `CropNonEmptyMaskIfExists`. Where the mask is empty, or an image has none, every place is as
/// likely. Of several masks the first one counts; there it is all of them.
package struct CropNonEmptyMaskIfExists: FixedCrop {
  package static let summary = "Crops a part of fixed size where the mask is not empty; needs masks."
  package static let parameters: [Parameter<CropNonEmptyMaskIfExists>] =
    Parameter.cropSize + [
      list("ignore_values", \.ignoredValues, "values of the mask that count as empty"),
      list("ignore_channels", \.ignoredChannels, "channels of a mask in colours that do not count"),
    ]

  package var height = 224
  package var width = 224
  package var ignoredValues: [Int] = []
  package var ignoredChannels: [Int] = []

  package init() {}

  package var needs: SampleNeeds { .certainMask }

  func place(in context: SampleContext, using random: inout RandomStream) -> (x: Int, y: Int) {
    let last = (x: context.shape.width - width, y: context.shape.height - height)
    guard let mask = try? context.mask(), let pixel = pixel(of: mask, using: &random) else {
      let x = random.integer(0...last.x)
      return (x, random.integer(0...last.y))
    }
    let x = pixel % mask.shape.width - random.integer(0...width - 1)
    let y = pixel / mask.shape.width - random.integer(0...height - 1)
    return (min(max(x, 0), last.x), min(max(y, 0), last.y))
  }

  /// Draws a pixel that is not empty; `nil` if all are.
  private func pixel(of mask: SceneMask, using random: inout RandomStream) -> Int? {
    let count = mask.shape.channels
    let channels = (0..<count).filter { count == 1 || !ignoredChannels.contains($0) }
    func isShown(_ pixel: Int) -> Bool {
      channels.contains { channel in
        let value = mask.values[pixel * count + channel]
        return value != 0 && !ignoredValues.contains(Int(value))
      }
    }
    let pixels = 0..<mask.shape.width * mask.shape.height
    let shownCount = pixels.count(where: isShown)
    guard shownCount > 0 else { return nil }
    var rest = random.integer(0...shownCount - 1)
    for pixel in pixels where isShown(pixel) {
      if rest == 0 { return pixel }
      rest -= 1
    }
    return nil
  }

  /// Whole numbers, or null.
  private static func list(
    _ name: String, _ path: Parameter<Self>.Field<[Int]>, _ summary: String
  ) -> Parameter<Self> {
    Parameter(
      name: name, summary: summary, text: { $0[keyPath: path].isEmpty ? "null" : "\($0[keyPath: path])" }
    ) { value, root throws(ParameterError) in
      if value.isNone { return root[keyPath: path] = [] }
      root[keyPath: path] = try value.integerList(in: 0...65_535)
    }
  }
}
