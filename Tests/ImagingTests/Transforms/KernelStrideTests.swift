import CImaging
import CImagingTesting
import Foundation
import Imaging
import TestSupport
import Testing

/// The C kernels on rows that are longer than their pixels, as in a shared slot.
struct KernelStrideTests {
  private enum Kernel: CaseIterable {
    case flipLeftRight, flipTopBottom, rotateHalf, rotateQuarter, transpose, transverse, resize, morph, window
    case resample, resampleLight, resampleWeighted
    case lookup, lookupCurve, lookupLine, hsv, clahe, shuffle
    case separable, gaussian, correlate, unsharp, box, median3, median7, jpeg, webp, downscale, shatter, shatterBy,
      zoom, mask
    case drawnNoise, givenNoise
    case matchHistogram, adaptDistribution, exchangeAmplitudes, blend, overlay, changeChannels
    case grid, lens, perspective, affine, elastic, fields, controls, spline, cells
    case shade, discs, rain, lightness, drawnSnow, givenSnow, blendedDiscs, rings, glare
    case drawnSpatter, givenSpatter
    case normalNoise, coarseNoise, factors, numbers, givenFactors, shots, salt
    case holes, randomHoles, inpainted, droppedPixels, markedPixels

    var needsColor: Bool { [.hsv, .shuffle, .drawnNoise, .givenNoise].contains(self) || isColorWeather }

    private var isColorWeather: Bool {
      [.rain, .lightness, .drawnSnow, .givenSnow, .blendedDiscs, .rings, .glare, .drawnSpatter, .givenSpatter].contains(
        self)
    }

    func outputShape(for shape: ImageShape) -> ImageShape {
      switch self {
      case .rotateQuarter, .transpose, .transverse: shape.transposed
      case .resize, .window, .resample, .resampleLight, .resampleWeighted:
        ImageShape(width: shape.width + 7, height: (shape.height + 1) / 2, channels: shape.channels)
      case .changeChannels: ImageShape(width: shape.width, height: shape.height, channels: 4 - shape.channels)
      default: shape
      }
    }
  }

  /// At most 64 × 64, as many pixels as the fields have values.
  private static let shapes: [ImageShape] = [(1, 1), (5, 3), (37, 29), (64, 64)].flatMap { width, height in
    [1, 3].map { ImageShape(width: width, height: height, channels: $0) }
  }

  private static let taps = [0.01, 0.04, 0.1, 0.2, 0.3, 0.2, 0.1, 0.04, 0.01]
  private static let table = (0..<256).map { UInt8(255 - $0) }
  private static let curve = (0..<256).map { UInt8($0 * $0 / 255) }
  private static let line = (0..<256).map { UInt8(min($0 * 5 / 4 + 7, 255)) }
  private static let hues = (0..<256).map { UInt8(($0 + 13) % 180) }
  private static let sharp: [Float] = [-0.4, -0.4, -0.4, -0.4, 4.1, -0.4, -0.4, -0.4, -0.4]
  private static let places = (0..<64).map { Float($0) * 0.9 + 1.3 }
  private static let matrix = [1.1, 0.05, -2, -0.03, 0.95, 1, 0.001, 0.002, 1]
  private static let events = (0..<64 * 64).map { Int32($0 % 4) }
  private static let levels = (0..<3 * 64 * 64).map { place -> Float in Float(place % 31) * 9.7 - 150 }
  private static let factors = levels.map { 1 + $0 / 400 }
  private static let marks = (0..<3 * 64 * 64).map { UInt8($0 % 3) }
  /// Some reach beyond the image.
  private static let holes = (Int32(0)..<9).map { (number: Int32) -> cimaging_hole in
    let (x, y) = (8 * number - 9, 3 * number - 5)
    return cimaging_hole(x: x, y: y, width: 11, height: 9, color: (1, 2, UInt8(number)))
  }
  private static let moves = (0..<64 * 64).map { Float($0 % 11) * 0.7 - 3 }

  private static func call(
    _ kernel: Kernel, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var message = cimaging_message()
    return switch kernel {
    case .lookup: unsafe cimaging_lookup(&source, &destination, table, &message)
    case .hsv: unsafe cimaging_lookup_hsv(&source, &destination, hues, table, table, &message)
    case .clahe: unsafe cimaging_clahe(&source, &destination, 3, 4, 4, &message)
    case .lookupCurve: unsafe cimaging_lookup(&source, &destination, curve, &message)
    case .lookupLine: unsafe cimaging_lookup(&source, &destination, line, &message)
    case .shuffle: unsafe cimaging_shuffle(&source, &destination, [2, 0, 1], &message)
    case .separable: unsafe cimaging_filter_separable(&source, &destination, taps, Int32(taps.count), &message)
    case .gaussian: unsafe cimaging_gaussian_blur(&source, &destination, 7, 1.4, &message)
    case .correlate: unsafe cimaging_correlate(&source, &destination, sharp, 3, &message)
    case .unsharp: unsafe cimaging_unsharp(&source, &destination, 0.5, 5, 1, &message)
    case .box: unsafe cimaging_box_blur(&source, &destination, 5, &message)
    case .median3: unsafe cimaging_median(&source, &destination, 3, &message)
    case .median7: unsafe cimaging_median(&source, &destination, 7, &message)
    case .shatter, .shatterBy: unsafe shatter(kernel, &source, &destination)
    case .zoom: unsafe cimaging_zoom_blur(&source, &destination, [1, 1.2, 3.1], 3, &message)
    case .mask: unsafe mask(&source, &destination)
    case .downscale: unsafe downscale(&source, &destination)
    case .jpeg: unsafe cimaging_jpeg_round_trip(&source, &destination, 60, &message)
    case .webp: unsafe cimaging_webp_round_trip(&source, &destination, 60, &message)
    case .drawnNoise: unsafe cimaging_iso_noise(&source, &destination, 7, 1, 2, &message)
    case .givenNoise: unsafe cimaging_apply_noise(&source, &destination, events, moves, 0.5, &message)
    case .shade, .discs, .rain, .lightness: unsafe weather(kernel, &source, &destination)
    case .normalNoise, .coarseNoise, .factors, .numbers, .givenFactors, .shots, .salt:
      unsafe noise(kernel, &source, &destination)
    case .holes, .randomHoles, .inpainted, .droppedPixels, .markedPixels: unsafe drop(kernel, &source, &destination)
    case .drawnSnow, .givenSnow, .blendedDiscs, .rings, .glare: unsafe light(kernel, &source, &destination)
    case .drawnSpatter, .givenSpatter: unsafe spatter(kernel, &source, &destination)
    case .matchHistogram, .adaptDistribution, .exchangeAmplitudes, .blend, .overlay, .changeChannels:
      unsafe mix(kernel, &source, &destination)
    case .grid, .lens, .perspective, .affine, .elastic, .fields, .controls, .spline, .cells:
      unsafe warp(kernel, &source, &destination)
    case .flipLeftRight, .flipTopBottom, .rotateHalf, .rotateQuarter, .transpose, .transverse, .resize, .morph,
      .window:
      unsafe reshape(kernel, &source, &destination)
    case .resample, .resampleLight, .resampleWeighted: unsafe resample(kernel, &source, &destination)
    }
  }

  private static func noise(
    _ kernel: Kernel, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var message = cimaging_message()
    var noise = unsafe cimaging_white_noise(
      seed: 3, distribution: 0, is_shared: 0, offset: 1, scale: 20, density: kernel == .coarseNoise ? 0.4 : 1,
      quantiles: nil, quantile_count: 0)
    if kernel == .factors { unsafe (noise.distribution, noise.is_shared) = (1, 1) }
    return switch kernel {
    case .factors: unsafe cimaging_multiply_white_noise(&source, &destination, &noise, &message)
    case .numbers: unsafe cimaging_add_numbers(&source, &destination, levels, &message)
    case .givenFactors: unsafe cimaging_multiply_numbers(&source, &destination, factors, &message)
    case .shots: unsafe cimaging_shot_noise(&source, &destination, 3, 0.1, &message)
    case .salt: unsafe cimaging_salt_and_pepper(&source, &destination, 3, 100, 200, &message)
    default: unsafe cimaging_add_white_noise(&source, &destination, &noise, &message)
    }
  }

  private static func drop(
    _ kernel: Kernel, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var (message, drop) = (
      cimaging_message(), cimaging_pixel_drop(seed: 5, limit: 1 << 30, is_per_channel: 0, levels: (1, 2, 3))
    )
    return switch kernel {
    case .holes: unsafe cimaging_fill_holes(&source, &destination, holes, holes.count, &message)
    case .randomHoles: unsafe cimaging_fill_holes_randomly(&source, &destination, holes, holes.count, 5, &message)
    case .inpainted: unsafe cimaging_inpaint_holes(&source, &destination, holes, holes.count, 1, &message)
    case .markedPixels: unsafe cimaging_drop_marked(&source, &destination, marks, [1, 2, 3], &message)
    default: unsafe cimaging_drop_pixels(&source, &destination, &drop, &message)
    }
  }

  private static func resample(
    _ kernel: Kernel, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var message = cimaging_message()
    var options = unsafe cimaging_resample_options(
      filter: 2, is_linear: kernel == .resampleLight ? 1 : 0, x: 0, y: 0, width: Double(source.width),
      height: Double(source.height))
    guard kernel == .resampleWeighted else {
      return unsafe cimaging_resample(&source, &destination, &options, &message)
    }
    var (input, output) = unsafe (
      picture(plane(source), padding: 5, marker: 0), picture(plane(destination), padding: 9, marker: 0)
    )
    return unsafe input.withUnsafeMutableBufferPointer { from in
      unsafe output.withUnsafeMutableBufferPointer { to in
        var (alpha, result) = unsafe (pixels(from, plane(source), 5), pixels(to, plane(destination), 9))
        return unsafe cimaging_resample_weighted(&source, &alpha, &destination, &result, &options, &message)
      }
    }
  }

  private static func plane(_ pixels: cimaging_pixels) -> ImageShape {
    unsafe ImageShape(width: Int(pixels.width), height: Int(pixels.height), channels: 1)
  }

  private static func reshape(
    _ kernel: Kernel, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var message = cimaging_message()
    return switch kernel {
    case .flipLeftRight: unsafe cimaging_flip(&source, &destination, 1, &message)
    case .flipTopBottom: unsafe cimaging_flip(&source, &destination, 0, &message)
    case .rotateHalf: unsafe cimaging_rotate90(&source, &destination, 2, &message)
    case .rotateQuarter: unsafe cimaging_rotate90(&source, &destination, 1, &message)
    case .transpose: unsafe cimaging_transpose(&source, &destination, 0, &message)
    case .transverse: unsafe cimaging_transpose(&source, &destination, 1, &message)
    case .morph: unsafe cimaging_morph(&source, &destination, 4, 3, 1, &message)
    case .window: unsafe window(&source, &destination)
    default: unsafe cimaging_resize(&source, &destination, 1, &message)
    }
  }

  private static func weather(
    _ kernel: Kernel, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var message = cimaging_message()
    switch kernel {
    case .shade: return unsafe cimaging_shade_polygon(&source, &destination, [-4, 1, 90, 7, 3, 44], 3, table, &message)
    case .discs:
      return unsafe cimaging_cover_with_discs(&source, &destination, [3, 2, 30, -9, 40, 12], 2, table, &message)
    case .rain:
      return unsafe [Int32](arrayLiteral: 2, -3, 30, 90, 40, 9, -7, 20).withUnsafeBufferPointer { ends in
        unsafe table.withUnsafeBufferPointer { table in
          var rain = unsafe cimaging_rain(
            ends: ends.baseAddress, count: 2, thickness: 2, blur: 5, color: (9, 99, 200), wet: table.baseAddress)
          return unsafe cimaging_add_rain(&source, &destination, &rain, &message)
        }
      }
    default:
      let patches = [cimaging_lightness_patch(left: -3, top: 1, right: 20, bottom: 99, lightness: 90)]
      return unsafe cimaging_lookup_lightness(&source, &destination, table, patches, 1, &message)
    }
  }

  /// With the image itself, padding and all, as the other one.
  private static func mix(
    _ kernel: Kernel, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var (message, other) = unsafe (cimaging_message(), source)
    return switch kernel {
    case .matchHistogram: unsafe cimaging_match_histogram(&source, &other, &destination, 0.7, &message)
    case .adaptDistribution: unsafe cimaging_adapt_distribution(&source, &other, &destination, 0, 0.7, &message)
    case .exchangeAmplitudes: unsafe cimaging_exchange_amplitudes(&source, &other, &destination, 0.3, &message)
    case .blend: unsafe cimaging_blend(&source, &other, &destination, 0.3, 0.6, &message)
    case .overlay: unsafe cimaging_overlay(&source, &other, nil, &destination, 0, 0, &message)
    default: unsafe cimaging_change_channels(&source, &destination, &message)
    }
  }

  private static let circle = cimaging_flare_circle(opacity: 0.3, x: 9, y: 4, radius: 12, color: (200, 90, 7))
  private static let texture = (0..<64 * 64).map { Double($0 % 13) / 13 }
  private static let glitter = (0..<64 * 64).map { UInt8($0 % 29 == 0 ? 255 : 0) }

  private static func light(
    _ kernel: Kernel, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var (message, snow) = (cimaging_message(), cimaging_snow(amount: 0.3, brightness: 2))
    switch kernel {
    case .drawnSnow: return unsafe cimaging_draw_snow(&source, &destination, &snow, 7, &message)
    case .givenSnow: return unsafe cimaging_cover_with_snow(&source, &destination, &snow, texture, glitter, &message)
    case .blendedDiscs: return unsafe cimaging_blend_discs(&source, &destination, [circle, circle], 2, &message)
    case .rings:
      return unsafe [Int32](arrayLiteral: 3, 9, 30).withUnsafeBufferPointer { radii in
        unsafe (0..<9 * 256).map { UInt8(truncatingIfNeeded: $0 * 3) }.withUnsafeBufferPointer { tables in
          var rings = unsafe cimaging_rings(x: 4, y: -2, count: 3, radii: radii.baseAddress, tables: tables.baseAddress)
          return unsafe cimaging_lookup_rings(&source, &destination, &rings, &message)
        }
      }
    default:
      return unsafe [circle].withUnsafeBufferPointer { circles in
        var glare = unsafe cimaging_glare(
          x: 4, y: -2, radius: 20, color: (255, 200, 100), circles: circles.baseAddress, count: 1)
        return unsafe cimaging_add_glare(&source, &destination, &glare, &message)
      }
    }
  }

  private static func spatter(
    _ kernel: Kernel, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var (message, noise) = (cimaging_message(), cimaging_spatter_noise(seed: 7, mean: 0.6, deviation: 0.3))
    var spatter = cimaging_spatter(sigma: 1, cutout: 0.5, intensity: 0.8, color: (9, 90, 200), is_mud: 1)
    if kernel == .drawnSpatter {
      return unsafe cimaging_draw_spatter(&source, &destination, &spatter, &noise, &message)
    }
    spatter.is_mud = 0
    return unsafe cimaging_apply_spatter(&source, &destination, &spatter, texture, &message)
  }

  /// Where there is room for it.
  private static func shatter(
    _ kernel: Kernel, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var message = cimaging_message()
    var glass = cimaging_glass(seed: 5, reach: 2, iterations: 2, is_exact: 0)
    guard unsafe min(source.width, source.height) >= 4 else {
      return unsafe cimaging_box_blur(&source, &destination, 3, &message)
    }
    guard kernel == .shatterBy else { return unsafe cimaging_shatter(&source, &destination, &glass, &message) }
    let ways = (0..<4 * 64 * 64).map { place -> Int32 in Int32(place * 7 % 4) - 2 }
    return unsafe cimaging_shatter_by(&source, &destination, &glass, ways, &message)
  }

  private static func mask(_ source: inout cimaging_pixels, _ destination: inout cimaging_pixels) -> cimaging_status {
    var (message, settings) = (
      cimaging_message(), cimaging_mask_settings(size: 5, threshold: 10, sigma: 0, alpha: 0.4)
    )
    return unsafe cimaging_unsharp_mask(&source, &destination, &settings, &message)
  }

  private static func downscale(
    _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var (message, downscaling) = (cimaging_message(), cimaging_downscaling(scale: 0.6, shrinking: 0, enlarging: 0))
    return unsafe cimaging_downscale(&source, &destination, &downscaling, &message)
  }

  /// Three columns and one row of fill come before the image.
  private static func window(
    _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var message = cimaging_message()
    func places(_ length: Int32, of count: Int32, behind first: Int32) -> [Int32] {
      (0..<length).map { (first..<first + count).contains($0) ? $0 - first : -1 }
    }
    let columns = unsafe places(destination.width, of: source.width, behind: 3)
    let rows = unsafe places(destination.height, of: source.height, behind: 1)
    return unsafe cimaging_window(&source, &destination, columns, rows, [9, 8, 7], &message)
  }

  private static func warp(
    _ kernel: Kernel, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels
  ) -> cimaging_status {
    var (message, lens) = (cimaging_message(), cimaging_lens(k: 0.3, is_fisheye: 0))
    var resampling = cimaging_resampling(interpolation: 1, border_mode: 0, fill: (10, 20, 30))
    return switch kernel {
    case .grid: unsafe cimaging_warp_separable(&source, &destination, places, places, &resampling, &message)
    case .lens: unsafe cimaging_warp_lens(&source, &destination, &lens, &resampling, &message)
    case .perspective: unsafe cimaging_warp_perspective(&source, &destination, matrix, &resampling, &message)
    case .affine: unsafe cimaging_warp_affine(&source, &destination, matrix, &resampling, &message)
    case .fields: unsafe cimaging_warp_fields(&source, &destination, moves, moves, &resampling, &message)
    case .controls, .spline: unsafe warpByControls(kernel == .spline, &source, &destination, &resampling)
    case .cells: unsafe warpByCells(&source, &destination, &resampling)
    default: unsafe warpElastically(&source, &destination, &resampling)
    }
  }

  /// Three points, in pixels or relative to the size, and then the affine part of a spline.
  private static func warpByControls(
    _ isSpline: Bool, _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels,
    _ resampling: inout cimaging_resampling
  ) -> cimaging_status {
    var message = cimaging_message()
    let numbers: [Float] =
      isSpline
      ? [0, 0.3, 1, 0, 1, 0.4, 0.1, -0.2, 0.1, -0.1, 0.2, 0.1, 0.01, 0.02, 1, 0, 0, 1]
      : [0, 20, 64, 0, 64, 9, 2, 25, 60, 3, 60, 8]
    return unsafe numbers.withUnsafeBufferPointer { numbers in
      let first = unsafe numbers.baseAddress.unsafelyUnwrapped
      var controls = unsafe cimaging_controls(
        count: 3, x: first, y: first + 3, to_x: first + 6, to_y: first + 9, affine: isSpline ? first + 12 : nil)
      return unsafe cimaging_warp_controls(&source, &destination, &controls, &resampling, &message)
    }
  }

  /// One cell that leaves a corner of the image free.
  private static func warpByCells(
    _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels, _ resampling: inout cimaging_resampling
  ) -> cimaging_status {
    var message = cimaging_message()
    let corners: [Int32] = [0, 0, 64, 0, 50, 40, 0, 64]
    return unsafe corners.withUnsafeBufferPointer { corners in
      unsafe matrix.withUnsafeBufferPointer { matrix in
        var cells = unsafe cimaging_cells(count: 1, corners: corners.baseAddress, matrices: matrix.baseAddress)
        return unsafe cimaging_warp_cells(&source, &destination, &cells, &resampling, &message)
      }
    }
  }

  private static func warpElastically(
    _ source: inout cimaging_pixels, _ destination: inout cimaging_pixels, _ resampling: inout cimaging_resampling
  ) -> cimaging_status {
    var (message, elastic, plan) = unsafe (cimaging_message(), cimaging_elastic(), OpaquePointer?.none)
    (elastic.seed, elastic.alpha, elastic.sigma) = (7, 50, 13)
    let status = unsafe cimaging_elastic_prepare(&elastic, source.width, source.height, &plan, &message)
    guard status == CIMAGING_OK else { return status }
    defer { unsafe cimaging_elastic_release(plan) }
    return unsafe cimaging_warp_elastic(&source, &destination, plan, &resampling, &message)
  }

  /// A kernel that no case calls may do with the padding what it likes.
  @Test func everyKernelOfTheHeadersIsCalledHere() throws {
    let folder = PackageFolder.url.appending(path: "Sources/CImaging/include")
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".h") }
    // Codecs, which only read or only write pixels, call them by other names.
    let kernels = try paths.flatMap { path -> [String] in
      let header = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
      return header.matches(of: /(cimaging_\w+)\(const cimaging_pixels \*source/).map { String($0.1) }
    }
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let cases = try ["KernelStrideTests.swift", "KernelStrideTests+Color.swift"].map { name in
      try String(contentsOf: tests.appending(path: name), encoding: .utf8)
    }.joined()
    #expect(kernels.filter { !cases.contains("\($0)(&source, ") }.isEmpty)
    #expect(kernels.contains("cimaging_flip") && kernels.contains("cimaging_lightness_deviation"))
  }

  @Test func paddingIsNeitherReadNorWritten() {
    for kernel in Kernel.allCases {
      for shape in Self.shapes where shape.channels == 3 || !kernel.needsColor {
        let tight = Self.run(kernel, shape, padding: 0, marker: 0)
        for marker in [0xA5, 0] as [UInt8] {
          let padded = Self.run(kernel, shape, padding: 13, marker: marker)
          #expect(padded.pixels == tight.pixels, "\(kernel) \(shape)")
          #expect(padded.isPaddingWhole, "\(kernel) \(shape)")
        }
      }
    }
  }

  @Test func paddingIsNotCounted() {
    for shape in Self.shapes {
      let tight = Self.statistics(shape, padding: 0, marker: 0)
      #expect(Self.statistics(shape, padding: 13, marker: 0xA5) == tight, "\(shape)")
    }
  }

  /// The mean of a picture and, in colour, the deviation of its lightness.
  private static func statistics(_ shape: ImageShape, padding: Int, marker: UInt8) -> [Double] {
    var bytes = picture(shape, padding: padding, marker: marker)
    return unsafe bytes.withUnsafeMutableBufferPointer { memory in
      var (mean, deviation, message) = (0.0, 0.0, cimaging_message())
      var source = unsafe pixels(memory, shape, padding)
      #expect(unsafe cimaging_mean(&source, &mean, &message) == CIMAGING_OK)
      if shape.channels == 3 {
        #expect(unsafe cimaging_lightness_deviation(&source, &deviation, &message) == CIMAGING_OK)
      }
      return [mean, deviation]
    }
  }

  private static func run(
    _ kernel: Kernel, _ shape: ImageShape, padding: Int, marker: UInt8
  ) -> (pixels: [UInt8], isPaddingWhole: Bool) {
    unsafe written(kernel.outputShape(for: shape), from: shape, padding: padding, marker: marker) {
      let status = unsafe call(kernel, &$0, &$1)
      #expect(status == CIMAGING_OK, "\(kernel) \(shape)")
    }
  }

  /// The pixels of shape `result` that `body` wrote, and whether the bytes between the rows are unchanged.
  static func written(
    _ result: ImageShape, from shape: ImageShape, padding: Int, marker: UInt8,
    by body: (_ source: inout cimaging_pixels, _ destination: inout cimaging_pixels) -> Void
  ) -> (pixels: [UInt8], isPaddingWhole: Bool) {
    let (length, stride) = (result.width * result.channels, result.width * result.channels + padding)
    var input = picture(shape, padding: padding, marker: marker)
    var output = [UInt8](repeating: marker, count: stride * result.height)
    unsafe input.withUnsafeMutableBufferPointer { from in
      unsafe output.withUnsafeMutableBufferPointer { to in
        var source = unsafe pixels(from, shape, padding)
        var destination = unsafe pixels(to, result, padding)
        unsafe body(&source, &destination)
      }
    }
    let rows = (0..<result.height).map { output[$0 * stride..<($0 + 1) * stride] }
    return (
      rows.flatMap { $0.prefix(length) },
      rows.allSatisfy { row in row.suffix(padding).allSatisfy { $0 == marker } }
    )
  }

  /// Rows of pixels, each with `padding` bytes of `marker` after it.
  private static func picture(_ shape: ImageShape, padding: Int, marker: UInt8) -> [UInt8] {
    let length = shape.width * shape.channels
    return (0..<shape.height).flatMap { y in
      (0..<length).map { i in UInt8(truncatingIfNeeded: (y * 91 + i * i * 37) ^ (i * y)) }
        + [UInt8](repeating: marker, count: padding)
    }
  }

  private static func pixels(
    _ memory: UnsafeMutableBufferPointer<UInt8>, _ shape: ImageShape, _ padding: Int
  ) -> cimaging_pixels {
    unsafe cimaging_pixels(
      base: memory.baseAddress, width: Int32(shape.width), height: Int32(shape.height),
      channels: Int32(shape.channels), row_stride: shape.width * shape.channels + padding)
  }
}
