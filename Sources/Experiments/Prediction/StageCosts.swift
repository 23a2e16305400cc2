internal import Strategies

/// What the work on an image and on a copy costs one process that has the machine to itself: the measured baseline, taken
/// apart.
package struct StageCosts: Hashable, Sendable {
  /// Seconds to read and decode an image; once for all copies that one process makes of it in a row.
  package var readSeconds = 0.0, decodeSeconds = 0.0
  /// Seconds per copy.
  package var transformSeconds = 0.0, encodeSeconds = 0.0, writeSeconds = 0.0
  /// Bytes per copy.
  package var writtenBytes = 0.0
  /// Seconds of a core that each process takes until it works as fast as it will: its start, its first memory.
  package var startSeconds = 0.0
  /// Seconds per run that belong to no stage.
  package var otherSeconds = 0.0

  /// Work that costs nothing.
  package init() {}

  /// Those of a cell that ran on one rank.
  package init(baseline: ConfigurationSummary) {
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
  package func scaled(pixels factor: Double) -> StageCosts {
    var costs = self
    for path in [
      \StageCosts.readSeconds, \.decodeSeconds, \.transformSeconds, \.encodeSeconds, \.writeSeconds, \.writtenBytes,
    ] { costs[keyPath: path] *= factor }
    return costs
  }

  /// To have an image in memory.
  var loadSeconds: Double { readSeconds + decodeSeconds }
  /// To have a copy on the disk.
  var saveSeconds: Double { encodeSeconds + writeSeconds }
}
