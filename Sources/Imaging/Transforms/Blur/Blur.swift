internal import CImaging

/// The mean of a square around each pixel. Grey and colour.
///
/// Source: Albumentations `Blur`, OpenCV `blur` with `BORDER_REFLECT_101`.
package struct Blur: Transform {
  package struct Drawn: Codable, Sendable {
    /// Side length of the square in pixels, odd.
    package var size: Int

    package init(size: Int) { self.size = size }
  }

  package static let summary = "Blurs with the mean of a square."
  package static let parameters: [Parameter<Blur>] = [
    .kernelSizes(\.blurLimit, "side length in pixels")
  ]

  /// Range of the side length in pixels.
  package var blurLimit = 3...7

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(size: random.kernelSize(blurLimit))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? { always { $0.blurLimit = .only(drawn.size) } }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    .kernel { source, destination, message in
      unsafe cimaging_box_blur(source, destination, Int32(drawn.size), message)
    }
  }
}
