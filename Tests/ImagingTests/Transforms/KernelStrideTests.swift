import CImaging
import Testing

/// The C kernels on rows that are longer than their pixels, as in a slot of somebody else's memory.
struct KernelStrideTests {
  private enum Kernel: CaseIterable {
    case mirror, turnOver, halfTurn, lookup, hsv, clahe, shuffle
    case separable, correlate, unsharp, noise
    case grid, lens, perspective, elastic

    var needsColor: Bool { [.hsv, .shuffle, .noise].contains(self) }
  }

  private static let taps = [0.01, 0.04, 0.1, 0.2, 0.3, 0.2, 0.1, 0.04, 0.01]
  private static let table = (0..<256).map { UInt8(255 - $0) }
  private static let turned = (0..<256).map { UInt8(($0 + 13) % 180) }
  private static let sharp: [Float] = [-0.4, -0.4, -0.4, -0.4, 4.1, -0.4, -0.4, -0.4, -0.4]
  private static let places = (0..<64).map { Float($0) * 0.9 + 1.3 }
  private static let matrix = [1.1, 0.05, -2, -0.03, 0.95, 1, 0.001, 0.002, 1]

  private static func call(
    _ kernel: Kernel, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var message = cimaging_message()
    return switch kernel {
    case .mirror: unsafe cimaging_flip(&source, &destination, 1, &message)
    case .turnOver: unsafe cimaging_flip(&source, &destination, 0, &message)
    case .halfTurn: unsafe cimaging_rotate90(&source, &destination, 2, &message)
    case .lookup: unsafe cimaging_lookup(&source, &destination, table, &message)
    case .hsv: unsafe cimaging_lookup_hsv(&source, &destination, turned, table, table, &message)
    case .clahe: unsafe cimaging_clahe(&source, &destination, 3, 4, 4, &message)
    case .shuffle: unsafe cimaging_shuffle(&source, &destination, [2, 0, 1], &message)
    case .separable: unsafe cimaging_filter_separable(&source, &destination, taps, Int32(taps.count), &message)
    case .correlate: unsafe cimaging_correlate(&source, &destination, sharp, 3, &message)
    case .unsharp: unsafe cimaging_unsharp(&source, &destination, 0.5, 5, 1, &message)
    case .noise: unsafe cimaging_iso_noise(&source, &destination, 7, 1, 2, &message)
    case .grid, .lens, .perspective, .elastic: unsafe warp(kernel, &source, &destination)
    }
  }

  private static func warp(
    _ kernel: Kernel, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var (message, lens) = (cimaging_message(), cimaging_lens(k: 0.3, is_fisheye: 0))
    var elastic = cimaging_elastic(seed: 7, alpha: 50, sigma: 13, is_approximate: 0, is_same: 0, is_uniform: 0)
    var resampling = cimaging_resampling(interpolation: 1, border_mode: 0, fill: (10, 20, 30))
    return switch kernel {
    case .grid: unsafe cimaging_warp_separable(&source, &destination, places, places, &resampling, &message)
    case .lens: unsafe cimaging_warp_lens(&source, &destination, &lens, &resampling, &message)
    case .perspective: unsafe cimaging_warp_perspective(&source, &destination, matrix, &resampling, &message)
    default: unsafe cimaging_warp_elastic(&source, &destination, &elastic, &resampling, &message)
    }
  }

  @Test func paddingIsNeitherReadNorWritten() {
    for kernel in Kernel.allCases {
      for channels in kernel.needsColor ? [3] : [1, 3] {
        for (width, height) in [(1, 1), (5, 3), (37, 29), (64, 64)] {
          let tight = Self.run(kernel, width, height, channels, padding: 0, marker: 0)
          for marker in [0xA5, 0] as [UInt8] {
            let padded = Self.run(kernel, width, height, channels, padding: 13, marker: marker)
            #expect(padded.pixels == tight.pixels, "\(kernel) \(width)x\(height)x\(channels)")
            #expect(padded.isPaddingWhole, "\(kernel) \(width)x\(height)x\(channels)")
          }
        }
      }
    }
  }

  /// The pixels that a kernel wrote, and whether the bytes between the rows are what they were.
  private static func run(
    _ kernel: Kernel, _ width: Int, _ height: Int, _ channels: Int, padding: Int, marker: UInt8
  ) -> (pixels: [UInt8], isPaddingWhole: Bool) {
    let stride = width * channels + padding
    var input = [UInt8](repeating: marker, count: stride * height)
    var output = input
    for y in 0..<height {
      for i in 0..<width * channels {
        input[y * stride + i] = UInt8(truncatingIfNeeded: (y * 91 + i * i * 37) ^ (i * y))
      }
    }
    let status = unsafe input.withUnsafeMutableBufferPointer { from in
      unsafe output.withUnsafeMutableBufferPointer { to in
        var source = unsafe pixels(from, width, height, channels, stride)
        var destination = unsafe pixels(to, width, height, channels, stride)
        return unsafe call(kernel, &source, &destination)
      }
    }
    #expect(status == CIMAGING_OK)
    let rows = (0..<height).map { output[$0 * stride..<($0 + 1) * stride] }
    return (
      rows.flatMap { $0.prefix(width * channels) },
      rows.allSatisfy { row in row.suffix(padding).allSatisfy { $0 == marker } }
    )
  }

  private static func pixels(
    _ memory: UnsafeMutableBufferPointer<UInt8>, _ width: Int, _ height: Int, _ channels: Int, _ stride: Int
  ) -> cimaging_pixels {
    unsafe cimaging_pixels(
      base: memory.baseAddress, width: Int32(width), height: Int32(height), channels: Int32(channels),
      row_stride: stride)
  }
}
