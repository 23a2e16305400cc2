internal import CImaging

/// Equalises the histogram: every level becomes about as frequent as any other. Grey and colour.
///
/// Source: Albumentations `Equalize`, OpenCV `equalizeHist`, or the table of Pillow with its rounding. A mask that limits
/// what is counted cannot be in a file.
package struct Equalize: Transform {
  package enum Mode: String, CaseIterable, Sendable {
    case cv, pil
  }

  package static let summary = "Equalises the histogram of each channel, or of the brightness."
  package static let parameters: [Parameter<Equalize>] = [
    .choice("mode", \.mode, "rounding of OpenCV or Pillow"),
    .flag("by_channels", \.byChannels, "whether each channel has its own histogram; else Y of YCrCb"),
    mask,
  ]

  package var mode = Mode.cv
  package var byChannels = true

  package init() {}

  package func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation {
    if shape.channels == 1 || byChannels {
      return .pixels { [mode] (source, destination) throws(ImagingError) in
        let tables = try source.histograms().map { $0.equalizing(mode) }
        try LookupTable(channels: tables).apply(to: source, into: &destination)
      }
    }
    return .pixels { [mode] (source, destination) throws(ImagingError) in
      let table = try source.lumaHistogram().equalizing(mode).values
      unsafe try destination.fill(source.shape, from: source) { source, destination, message in
        unsafe cimaging_lookup_luma(source, destination, table, message)
      }
    }
  }

  private static let mask = Parameter<Equalize>(
    name: "mask", summary: "always null, because a file cannot hold a mask", text: { _ in "null" }
  ) { value, _ throws(ParameterError) in
    guard value.isNone else { throw ParameterError("must be null, because a file cannot hold a mask") }
  }
}

extension Histogram {
  fileprivate func equalizing(_ mode: Equalize.Mode) -> LookupTable {
    switch mode {
    case .cv: equalizing
    case .pil: equalizingAsPillow
    }
  }

  /// Single precision, as in OpenCV.
  private var equalizing: LookupTable {
    guard let first = counts.firstIndex(where: { $0 > 0 }), counts[first] < total else { return .identity }
    let scale = 255 / Float(total - counts[first])
    var sum = -counts[first]
    return LookupTable(
      counts.enumerated().map { level, count in
        sum += count
        return level <= first ? 0 : UInt8(nearest: Double(Float(sum) * scale))
      })
  }

  /// Albumentations counts a level itself among those up to it, unlike Pillow.
  private var equalizingAsPillow: LookupTable {
    let last = counts.last { $0 > 0 } ?? 0
    let step = (total - last) / 255
    guard step > 0 else { return .identity }
    var sum = step / 2
    return LookupTable(
      counts.map { count in
        sum += count
        return UInt8(clamping: sum / step)
      })
  }
}
