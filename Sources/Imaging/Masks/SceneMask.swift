/// The values of a mask, row by row, the channels of a pixel side by side.
package struct SceneMask: Sendable {
  package var shape: ImageShape
  package var values: [UInt16]

  package init(shape: ImageShape, values: [UInt16]) {
    precondition(values.count == shape.byteCount, "a value for each pixel and channel")
    (self.shape, self.values) = (shape, values)
  }

  /// The colours or indices of a mask, without its opacity.
  package init(_ mask: borrowing MaskImage) {
    let shape = mask.layout.shape(of: .color, mask.size)
    var values: [UInt16] = []
    if mask.layout.bitDepth == 16 {
      let low = mask.withPlane(.colorLow) { $0.bytes }
      values = mask.withPlane(.color) { high in zip(high.bytes, low).map { UInt16($0) << 8 | UInt16($1) } }
    } else {
      values = mask.withPlane(.color) { $0.bytes.map { UInt16($0) } }
    }
    self.init(shape: shape, values: values)
  }
}
