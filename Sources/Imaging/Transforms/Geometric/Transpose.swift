/// Exchanges rows and columns. Grey, colour and alpha.
///
/// Source: Albumentations `Transpose`, OpenCV `transpose`.
package struct Transpose: Transform {
  package static let summary = "Exchanges rows and columns."
  package static let parameters: [Parameter<Transpose>] = []

  package init() {}

  /// out(x, y) = in(y, x).
  package func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation {
    .geometry(.orientation(.transpose))
  }
}
