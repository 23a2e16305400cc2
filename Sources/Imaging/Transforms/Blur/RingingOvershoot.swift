internal import CImaging
internal import Glibc

/// Echoes of edges, as a filter with a sharp cutoff frequency leaves them. Grey and colour.
///
/// Source: Albumentations `RingingOvershoot`, OpenCV `filter2D` with `BORDER_REFLECT_101`. From 13 × 13 on, OpenCV
/// filters by Fourier transforms, whose rounding may differ by a level at a tie.
package struct RingingOvershoot: Transform {
  package struct Drawn: Codable, Sendable {
    /// Side length of the kernel in pixels, odd.
    package var size: Int
    /// Cutoff frequency in radians per pixel.
    package var cutoff: Double

    package init(size: Int, cutoff: Double) {
      self.size = size
      self.cutoff = cutoff
    }
  }

  package static let summary = "Adds echoes to edges, like a filter with a sharp cutoff frequency."
  package static let parameters: [Parameter<RingingOvershoot>] = [
    .kernelSizes(\.blurLimit, "side length of the kernel in pixels"),
    .range("cutoff", \.cutoff, in: 0...Double.pi, "cutoff frequency in radians per pixel"),
  ]

  /// Range of the kernel size in pixels.
  package var blurLimit = 7...15
  /// Range of the cutoff frequency in radians per pixel.
  package var cutoff = Double.pi / 4...Double.pi / 2

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let size = random.kernelSize(blurLimit)
    return Drawn(size: size, cutoff: random.uniform(cutoff))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? {
    always { ($0.blurLimit, $0.cutoff) = (.only(drawn.size), .only(drawn.cutoff)) }
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    // Without frequencies nothing is left; Albumentations divides 0 by 0 there.
    guard drawn.cutoff > 0 else { return .inapplicable("a cutoff of 0 leaves nothing of an image") }
    let kernel = normalized(Self.weights(drawn))
    return .kernel { source, destination, message in
      unsafe cimaging_correlate(source, destination, kernel, Int32(drawn.size), message)
    }
  }

  /// The response of a circular low-pass filter to a point, row by row.
  private static func weights(_ drawn: Drawn) -> [Double] {
    let (cutoff, middle) = (drawn.cutoff, Double(drawn.size - 1) / 2)
    return (0..<drawn.size * drawn.size).map { cell in
      let (row, column) = cell.quotientAndRemainder(dividingBy: drawn.size)
      let (y, x) = (Double(row) - middle, Double(column) - middle)
      let distance = (y * y + x * x).squareRoot()
      if distance == 0 { return cutoff * cutoff / (4 * Double.pi) }
      return cutoff * j1(cutoff * distance) / (2 * Double.pi * distance)
    }
  }
}
