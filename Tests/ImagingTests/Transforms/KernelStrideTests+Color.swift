import CImaging
import Imaging
import Testing

/// The kernels for colours.
extension KernelStrideTests {
  private enum ColorKernel: CaseIterable {
    case channels, gray, lightness, colorless, saturate, mix, affine, project, luma
    case light, shadow, contrast, superpixels, stain, radial
    case takeChannel, putChannel

    /// Kernels for grey images as well.
    var takesGray: Bool { [.light, .shadow, .contrast, .superpixels, .radial].contains(self) }

    var channels: Int { [.colorless, .project, .takeChannel].contains(self) ? 1 : 3 }
  }

  private static let shapes = [(1, 1), (5, 3), (37, 29), (64, 64)].map {
    ImageShape(width: $0, height: $1, channels: 3)
  }
  private static let tables = (0..<768).map { UInt8(truncatingIfNeeded: 7 * $0) }
  private static let weights = (0..<9).map { Int16(97 * $0 - 300) }
  private static let matrix = (0..<12).map { Float($0 % 5) * 0.2 - 0.3 }
  private static let shares = (0..<64 * 64).map { Float($0 % 11) / 10 }

  private static func call(
    _ kernel: ColorKernel, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var message = cimaging_message()
    return switch kernel {
    case .channels: unsafe cimaging_lookup_channels(&source, &destination, tables, &message)
    case .gray: unsafe cimaging_gray(&source, &destination, CIMAGING_GRAY_AVERAGE, &message)
    case .lightness: unsafe cimaging_gray(&source, &destination, CIMAGING_GRAY_LIGHTNESS, &message)
    case .colorless: unsafe cimaging_gray(&source, &destination, CIMAGING_GRAY_WEIGHTED, &message)
    case .saturate: unsafe cimaging_saturate(&source, &destination, 1.7, &message)
    case .mix: unsafe cimaging_mix_channels(&source, &destination, weights, &message)
    case .affine: unsafe cimaging_affine_color(&source, &destination, matrix, &message)
    case .project: unsafe cimaging_project(&source, &destination, [0.5, -0.3, 0.8], &message)
    case .luma: unsafe cimaging_lookup_luma(&source, &destination, tables, &message)
    case .shadow: unsafe cimaging_plasma_shadow(&source, &destination, shares, 0.6, &message)
    case .contrast: unsafe cimaging_plasma_contrast(&source, &destination, shares, 0.2, 0.4, &message)
    case .superpixels: unsafe cimaging_superpixels(&source, &destination, [1, 0, 1], 3, &message)
    case .takeChannel: unsafe cimaging_take_channel(&source, &destination, 1, &message)
    case .putChannel: unsafe putChannel(&source, &destination)
    case .light, .stain, .radial: unsafe callWithOptions(kernel, &source, &destination)
    }
  }

  private static func callWithOptions(
    _ kernel: ColorKernel, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var (message, stain) = (cimaging_message(), cimaging_stain())
    (stain.tissue.0, stain.tissue.5, stain.tissue.10, stain.background.3) = (1.1, 0.8, 0.9, 0.1)
    var radial = cimaging_radial(second: 0.1, fourth: -0.2)
    var resampling = cimaging_resampling(interpolation: 1, border_mode: 1, fill: (0, 0, 0))
    return unsafe shares.withUnsafeBufferPointer { numbers in
      var light = unsafe cimaging_light(
        form: CIMAGING_LIGHT_SUM, is_inverted: 1, slope: 0.4, offset: 0.8, columns: numbers.baseAddress,
        rows: numbers.baseAddress)
      return switch kernel {
      case .light: unsafe cimaging_illuminate(&source, &destination, &light, &message)
      case .stain: unsafe cimaging_apply_stain(&source, &destination, &stain, &message)
      default: unsafe cimaging_warp_radial(&source, &destination, &radial, &resampling, &message)
      }
    }
  }

  /// Puts a plane into a copy of the image.
  private static func putChannel(
    _ image: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var message = cimaging_message()
    guard unsafe cimaging_shuffle(&image, &destination, [0, 1, 2], &message) == CIMAGING_OK else {
      return CIMAGING_FAILED
    }
    var values = unsafe (0..<image.width * image.height).map { UInt8(truncatingIfNeeded: 3 * $0) }
    return unsafe values.withUnsafeMutableBufferPointer { values in
      var source = unsafe cimaging_pixels(
        base: values.baseAddress, width: image.width, height: image.height, channels: 1,
        row_stride: Int(image.width))
      return unsafe cimaging_put_channel(&source, &destination, 1, &message)
    }
  }

  private static func run(
    _ kernel: ColorKernel, _ shape: ImageShape, padding: Int, marker: UInt8
  ) -> (pixels: [UInt8], isPaddingWhole: Bool) {
    var result = shape
    result.channels = min(shape.channels, kernel.channels)
    return unsafe written(result, from: shape, padding: padding, marker: marker) {
      let status = unsafe call(kernel, &$0, &$1)
      #expect(status == CIMAGING_OK, "\(kernel) \(shape)")
    }
  }

  @Test func paddingIsNoColor() {
    for kernel in ColorKernel.allCases {
      for shape in Self.shapes + (kernel.takesGray ? Self.shapes.map { $0.withChannels(1) } : []) {
        let tight = Self.run(kernel, shape, padding: 0, marker: 0)
        for marker in [0xA5, 0] as [UInt8] {
          let padded = Self.run(kernel, shape, padding: 13, marker: marker)
          #expect(padded.pixels == tight.pixels, "\(kernel) \(shape)")
          #expect(padded.isPaddingWhole, "\(kernel) \(shape)")
        }
      }
    }
  }

  @Test func paddingIsInNoStatistics() {
    for shape in Self.shapes {
      let tight = Self.statistics(shape, padding: 0, marker: 0)
      #expect(Self.statistics(shape, padding: 13, marker: 0xA5) == tight, "\(shape)")
    }
  }

  /// All that is counted, summed or estimated of the colours of a picture.
  private static func statistics(_ shape: ImageShape, padding: Int, marker: UInt8) -> [Double] {
    var (counts, lumas) = ([UInt64](repeating: 0, count: 768), [UInt64](repeating: 0, count: 256))
    var (mean, means, scatter) = (0.0, [0.0, 0, 0], [Double](repeating: 0, count: 9))
    var (covariance, count, angles) = ([Double](repeating: 0, count: 9), Int64(0), [0.0, 0])
    var stains = [0.6, 0.7, 0.3, 0.1, 0.9, 0.3]
    _ = unsafe written(shape, from: shape, padding: padding, marker: marker) { source, _ in
      var message = cimaging_message()
      let statuses = unsafe [
        cimaging_histograms(&source, &counts, &message), cimaging_luma_histogram(&source, &lumas, &message),
        cimaging_gray_mean(&source, &mean, &message), cimaging_color_moments(&source, &means, &scatter, &message),
        cimaging_density_covariance(&source, &covariance, &count, &message),
        cimaging_density_angles(&source, [1, 0, 0, 1, 0.5, 0.5], 99, &angles, &message),
        cimaging_factor_stains(&source, &stains, 5, &message),
      ]
      #expect(statuses.allSatisfy { $0 == CIMAGING_OK }, "\(shape)")
    }
    return [mean, Double(count)] + (counts + lumas).map { Double($0) } + means + scatter + covariance + angles + stains
  }
}

extension ImageShape {
  fileprivate func withChannels(_ channels: Int) -> ImageShape {
    ImageShape(width: width, height: height, channels: channels)
  }
}
