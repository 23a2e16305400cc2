internal import CImaging

/// The median of a square around each pixel: removes specks and keeps edges. Grey and colour.
///
/// Source: Albumentations `MedianBlur`, OpenCV `medianBlur` with `BORDER_REPLICATE`.
package struct MedianBlur: Transform {
  package struct Drawn: Codable, Sendable {
    /// Side length of the square in pixels, odd.
    package var size: Int

    package init(size: Int) { self.size = size }
  }

  package static let summary = "Replaces each pixel by the median of a square."
  package static let parameters: [Parameter<MedianBlur>] = [
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
      unsafe cimaging_median(source, destination, Int32(drawn.size), message)
    }
  }
}
