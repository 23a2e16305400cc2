package import Strategies

extension WorkCosts {
  /// Those of a cell that ran on one rank.
  package init(baseline: ConfigurationSummary) {
    self.init()
    let images = Double(max(1, baseline.configuration.images))
    let copies = images * Double(max(1, baseline.configuration.copies))
    readSeconds = baseline.stageSeconds(.read) / images
    decodeSeconds = baseline.stageSeconds(.decode) / images
    transformSeconds = baseline.stageSeconds(.transform) / copies
    encodeSeconds = baseline.stageSeconds(.encode) / copies
    writeSeconds = baseline.stageSeconds(.write) / copies
    writtenBytes = baseline.spread { Double($0.writtenBytes) }.median / copies
    otherSeconds = baseline.stageSeconds(.wait)
  }

  /// The costs of images with so many times the pixels.
  package func scaled(pixels factor: Double) -> WorkCosts {
    var costs = self
    for path in [
      \WorkCosts.readSeconds, \.decodeSeconds, \.transformSeconds, \.encodeSeconds, \.writeSeconds, \.writtenBytes,
    ] { costs[keyPath: path] *= factor }
    return costs
  }
}
