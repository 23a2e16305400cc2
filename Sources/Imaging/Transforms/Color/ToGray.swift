internal import CImaging

/// Makes an image grey. Colour; grey images stay as they are.
///
/// Source: Albumentations `ToGray`, OpenCV `cvtColor` and `PCACompute2`. Method `pca` may differ by one level.
package struct ToGray: Transform {
  package enum Method: String, CaseIterable, Sendable {
    /// 0.299 R + 0.587 G + 0.114 B.
    case weightedAverage = "weighted_average"
    /// L of Lab.
    case fromLab = "from_lab"
    /// The middle of the largest and the smallest channel.
    case desaturation
    case average
    /// The largest channel.
    case max
    /// The place along the axis of the image's largest variance.
    case pca
  }

  package static let summary = "Makes the image grey; with one output channel the file is grey too."
  package static let parameters: [Parameter<ToGray>] = [
    .channelCount("num_output_channels", \.numOutputChannels), .choice("method", \.method, "the level of a colour"),
  ]

  package var numOutputChannels = 3
  package var method = Method.weightedAverage

  package init() {}

  package func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation {
    guard shape.channels == 3 else { return .identity }
    if method == .pca { return .recolor(channels: numOutputChannels, alongLargestVariance) }
    return .grey(channels: numOutputChannels, method.cValue)
  }

  private var alongLargestVariance: Operation.Pixels {
    { [numOutputChannels] (source, destination) throws(ImagingError) in
      let axis = try source.colorDistribution().scatter.axes[0].vector
      var shape = source.shape
      shape.channels = numOutputChannels
      unsafe try destination.fill(shape, from: source) { source, destination, message in
        unsafe cimaging_project(source, destination, axis, message)
      }
    }
  }
}

extension ToGray.Method {
  fileprivate var cValue: cimaging_gray_method {
    switch self {
    case .weightedAverage, .pca: CIMAGING_GRAY_WEIGHTED
    case .fromLab: CIMAGING_GRAY_LIGHTNESS
    case .desaturation: CIMAGING_GRAY_DESATURATION
    case .average: CIMAGING_GRAY_AVERAGE
    case .max: CIMAGING_GRAY_LARGEST
    }
  }
}

extension Operation {
  /// Converts to grey with 1 or 3 channels; copies a grey image to each channel.
  static func grey(channels: Int, _ method: cimaging_gray_method = CIMAGING_GRAY_WEIGHTED) -> Operation {
    .recolor(channels: channels) { (source, destination) throws(ImagingError) in
      var shape = source.shape
      shape.channels = channels
      unsafe try destination.fill(shape, from: source) { source, destination, message in
        unsafe cimaging_gray(source, destination, method, message)
      }
    }
  }
}

extension Parameter {
  /// 1 or 3.
  static func channelCount(_ name: String, _ path: Field<Int>) -> Parameter {
    Parameter(name: name, summary: "channels of the result: 1 (grey) or 3", text: { String($0[keyPath: path]) }) {
      value, root throws(ParameterError) in
      let count = try value.integer(in: 1...1_000_000)
      guard count == 1 || count == 3 else {
        throw ParameterError("must be 1 or 3, because files hold grey images or colours, not \(count)")
      }
      root[keyPath: path] = count
    }
  }
}
