/// Draws the initial centroids. Only the driver draws, from one stream, so that a team has no influence.
struct InitialCentroids {
  let options: QuantizeOptions
  let team: any QuantizerTeam
  let memory: QuantizerMemory

  func drawn(from key: StreamKey) throws(ImagingError) -> [SIMD3<Double>] {
    var random = key.stream(node: 0)
    let colors =
      switch options.initialization {
      case .random: randomPixels(&random)
      case .kmeansPlusPlus: try spreadColors(&random)
      }
    return colors.map { SIMD3<Double>($0) }
  }

  /// The colours of different pixels, as long as there are any.
  private func randomPixels(_ random: inout RandomStream) -> [SIMD3<UInt8>] {
    let pixelCount = memory.head.pixelCount
    var drawn: Set<Int> = []
    return (0..<options.colors).map { _ in
      var pixel = random.integer(0...pixelCount - 1)
      while drawn.contains(pixel) && drawn.count < pixelCount { pixel = random.integer(0...pixelCount - 1) }
      drawn.insert(pixel)
      return memory.color(ofPixel: pixel)
    }
  }

  /// The colour of a random pixel, then colours drawn by the squared distance of their pixels to those before.
  private func spreadColors(_ random: inout RandomStream) throws(ImagingError) -> [SIMD3<UInt8>] {
    let pixelCount = memory.head.pixelCount
    var colors = [memory.color(ofPixel: random.integer(0...pixelCount - 1))]
    while colors.count < options.colors {
      memory.setNewest(colors[colors.count - 1], isFirst: colors.count == 1)
      try team.perform(.spread, on: memory)
      let sum = memory.spread
      // All colours are centroids: the rest of the clusters remains empty.
      guard sum > 0 else { return colors + Array(repeating: colors[0], count: options.colors - colors.count) }
      colors.append(memory.color(atSpread: UInt64(random.integer(0...Int(sum) - 1))))
    }
    return colors
  }
}
