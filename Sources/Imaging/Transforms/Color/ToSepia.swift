internal import CImaging

/// Tones a photograph brown, like an old print. Colour; grey images stay as they are.
///
/// Source: Albumentations `ToSepia`, OpenCV `transform`, whose weights for bytes have 10 fraction bits.
package struct ToSepia: Transform {
  package static let summary = "Tones the image brown, like an old photograph."
  package static let parameters: [Parameter<ToSepia>] = []

  package init() {}

  package func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation {
    guard shape.channels == 3 else { return .identity }
    let weights = [0.393, 0.769, 0.189, 0.349, 0.686, 0.168, 0.272, 0.534, 0.131]
    let rounded = weights.map { Int16((1024 * $0).rounded(.toNearestOrEven)) }
    return .kernel { source, destination, message in
      unsafe cimaging_mix_channels(source, destination, rounded, message)
    }
  }
}
