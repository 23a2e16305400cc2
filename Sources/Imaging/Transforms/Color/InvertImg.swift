/// Inverts every value. Grey and colour.
///
/// Source: Albumentations `InvertImg`.
package struct InvertImg: Transform {
  package static let summary = "Inverts every value, as in a negative."
  package static let parameters: [Parameter<InvertImg>] = []

  package init() {}

  /// out = 255 − in.
  package func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation {
    .lookup(LookupTable { 255 - $0 })
  }
}
