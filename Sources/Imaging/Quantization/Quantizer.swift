internal import CImaging

/// Reduces images to a few colours by K-means (Lloyd's algorithm), one after another, reusing its memory.
///
/// The same image, options and draws give the same bytes for any team. Equal colours are assigned once, with their
/// number of pixels as weight; the sums are whole numbers, so their order does not matter.
package final class Quantizer {
  package let options: QuantizeOptions
  private let team: any QuantizerTeam
  private let sharedMemory: QuantizerMemory?
  private var ownMemory = PixelBuffer()
  /// Whether each part's own sums fill whole cache lines; `false` shows what false sharing costs.
  package var isPadded = true

  /// - Parameter sharedMemory: where the members are processes, memory that they all see; images that do not fit into
  ///   it are refused. Threads need none.
  package init(
    _ options: QuantizeOptions, team: any QuantizerTeam = OneThread(), sharedMemory: QuantizerMemory? = nil
  ) {
    precondition(QuantizeOptions.colorRange.contains(options.colors), "1 to 256 colours")
    precondition(options.iterations >= 0 && options.tolerance >= 0, "no negative limits")
    (self.options, self.team, self.sharedMemory) = (options, team, sharedMemory)
  }

  /// Writes `source` with at most `options.colors` colours. Grey or colour.
  /// - Parameter key: determines the initial centroids.
  package func quantize(
    _ source: borrowing PixelBuffer, key: StreamKey, into destination: inout PixelBuffer
  ) throws(ImagingError) -> QuantizeOutcome {
    precondition(source.shape.byteCount > 0, "an image to quantise has pixels")
    try destination.reshape(to: source.shape)
    let memory = try memory(for: source, destination)
    if sharedMemory != nil { memory.load(source) }
    let outcome = try quantize(in: memory, key)
    if sharedMemory != nil { memory.store(into: &destination) }
    return outcome
  }

  private func quantize(in memory: QuantizerMemory, _ key: StreamKey) throws(ImagingError) -> QuantizeOutcome {
    try sortColors(memory)
    var centroids = try InitialCentroids(options: options, team: team, memory: memory).drawn(from: key)
    let iterations = try iterate(memory, &centroids)
    memory.setClusterLabels(centroids.count)
    let sums = try assign(.label, centroids, memory)
    let palette = centroids.map { SIMD3<UInt8>($0.rounded(.toNearestOrEven)) }
    memory.setPalette(palette)
    try team.perform(options.dither == .none ? .paint : .dither, on: memory)
    let totals = memory.colorTotals
    return QuantizeOutcome(
      centroids: centroids, palette: palette, pixelCounts: sums.map { Int($0.pixelCount) },
      inertia: inertia(centroids, sums, squares: totals.squares), iterations: iterations,
      uniqueColorCount: totals.colorCount)
  }

  private func sortColors(_ memory: QuantizerMemory) throws(ImagingError) {
    try team.perform(.count, on: memory)
    memory.placeCells()
    try team.perform(.sort, on: memory)
    try team.perform(.collect, on: memory)
  }

  /// - Returns: the number of rounds.
  private func iterate(
    _ memory: QuantizerMemory, _ centroids: inout [SIMD3<Double>]
  ) throws(ImagingError) -> Int {
    for round in 0..<options.iterations {
      let sums = try assign(.assign, centroids, memory)
      let moved = try means(sums, memory)
      let largestMove = zip(moved, centroids).map { ($0 - $1).squaredLength }.max() ?? 0
      centroids = moved
      if largestMove < options.tolerance * options.tolerance || largestMove == 0 { return round + 1 }
    }
    return options.iterations
  }

  private func assign(
    _ step: QuantizeStep, _ centroids: [SIMD3<Double>], _ memory: QuantizerMemory
  ) throws(ImagingError) -> [QuantizerMemory.ClusterSums] {
    memory.setClusters(centroids)
    try team.perform(step, on: memory)
    return memory.mergedSums(centroids.count)
  }

  /// The centroids of clusters with these sums.
  private func means(
    _ sums: [QuantizerMemory.ClusterSums], _ memory: QuantizerMemory
  ) throws(ImagingError) -> [SIMD3<Double>] {
    if options.empty == .reseed && sums.contains(where: { $0.pixelCount == 0 }) {
      try team.perform(.measure, on: memory)
      return sums.map { $0.mean ?? memory.takeFarthestColor().map { SIMD3<Double>($0) } ?? .zero }
    }
    return sums.map { $0.mean ?? .zero }
  }

  /// From sums alone: for each cluster, the squares of its pixels less what the centroid explains.
  private func inertia(
    _ centroids: [SIMD3<Double>], _ sums: [QuantizerMemory.ClusterSums], squares: UInt64
  ) -> Double {
    let explained = zip(centroids, sums).reduce(0.0) { total, cluster in
      let (centroid, sums) = cluster
      let products = centroid * SIMD3<Double>(sums.levels)
      return total + 2 * (products.x + products.y + products.z) - Double(sums.pixelCount) * centroid.squaredLength
    }
    return max(0, Double(squares) - explained)
  }

  /// Memory with the head for an image.
  private func memory(
    for source: borrowing PixelBuffer, _ destination: borrowing PixelBuffer
  ) throws(ImagingError) -> QuantizerMemory {
    let shape = source.shape
    let head = QuantizerHead(
      width: shape.width, height: shape.height, channels: shape.channels, parts: team.count, isPadded: isPadded)
    // Cells count their pixels, and seven times as much, in 32 bits.
    guard head.pixelCount < 1 << 29 else {
      throw .tooLarge(width: shape.width, height: shape.height, maxPixels: 1 << 29 - 1)
    }
    let layout = head.layout
    if let sharedMemory {
      guard layout.byteCount <= sharedMemory.byteCount else { throw .outOfMemory }
      sharedMemory.head = head
      return sharedMemory
    }
    let memory = unsafe try room(layout.byteCountWithoutPixels).with(
      source: source.cPixels.base, result: destination.cPixels.base)
    memory.head = head
    return memory
  }

  /// Memory of this object, which keeps what it has.
  private func room(_ byteCount: Int) throws(ImagingError) -> QuantizerMemory {
    let alignment = 64
    try ownMemory.reshape(to: ImageShape(width: byteCount + alignment, height: 1, channels: 1))
    return unsafe ownMemory.withBytes { bytes in
      let skipped = -Int(bitPattern: bytes.baseAddress) & (alignment - 1)
      return unsafe QuantizerMemory(over: UnsafeMutableRawBufferPointer(rebasing: bytes[skipped...]))
    }
  }
}

extension SIMD3<Double> {
  fileprivate var squaredLength: Double { x * x + y * y + z * z }
}
