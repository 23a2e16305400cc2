internal import CImaging

/// Divides an image into patches of similar pixels, and paints some of them in their mean colour. Grey and colour.
///
/// Source: Albumentations `Superpixels` with its own variant of SLIC, OpenCV `resize`. An image that is shrunk first
/// comes back as soft as its small version, all of it.
package struct Superpixels: Transform {
  package struct Drawn: Codable, Sendable {
    /// About how many patches there are.
    package var segments: Int
    /// Probability that a patch is painted.
    package var share: Double
    /// Seeds which patches are painted.
    package var seed: UInt64
  }

  package static let summary = "Paints some patches of similar pixels in their mean colour (SLIC)."
  package static let parameters: [Parameter<Superpixels>] = [
    .range("p_replace", \.pReplace, in: 0...1, lowest: 0, "share of the patches that are painted"),
    .integers("n_segments", \.nSegments, in: 1...1_000_000, lowest: 1, "number of patches"),
    .optionalInteger("max_size", \.maxSize, in: 1...65_535, "longest side to which images are shrunk for it, or null"),
    .code("interpolation", \.interpolation, "shrinking: 0 nearest, 1 linear, 2 cubic, 3 area, 4 Lanczos"),
  ]

  package var pReplace = 0.0...0.1
  package var nSegments = 100...100
  /// `nil`: images are not shrunk.
  package var maxSize: Int? = 128
  package var interpolation = Resampling.Interpolation.linear

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let segments = random.integer(nSegments)
    let share = random.uniform(pReplace)
    return Drawn(segments: segments, share: share, seed: random.next())
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    var random = SplitMix64(seed: drawn.seed)
    return operation(painted: (0..<drawn.segments).map { _ in Double(random.next() >> 11) * 0x1p-53 < drawn.share })
  }

  /// Paints given patches.
  package func operation(painted: [Bool]) -> Operation {
    guard painted.contains(true) else { return .identity }
    let flags = painted.map { UInt8($0 ? 1 : 0) }
    return .pixels { (source, destination) throws(ImagingError) in
      guard let size = smallSize(for: source.shape) else { return try Self.paint(flags, source, into: &destination) }
      var small = PixelBuffer()
      var painted = PixelBuffer()
      try small.resize(source, width: size.width, height: size.height, interpolation)
      try Self.paint(flags, small, into: &painted)
      try destination.resize(painted, width: source.shape.width, height: source.shape.height, interpolation)
    }
  }

  private static func paint(
    _ flags: [UInt8], _ source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_superpixels(source, destination, flags, Int32(flags.count), message)
    }
  }

  /// `nil` if the image is small enough.
  private func smallSize(for shape: ImageShape) -> ImageSize? {
    guard let maxSize, max(shape.width, shape.height) > maxSize else { return nil }
    let scale = Double(maxSize) / Double(max(shape.width, shape.height))
    return ImageSize(
      width: max(1, Int(Double(shape.width) * scale)), height: max(1, Int(Double(shape.height) * scale)))
  }

  package var warnings: [String] { pReplace.upperBound == 0 ? ["no patch is painted"] : [] }
}
