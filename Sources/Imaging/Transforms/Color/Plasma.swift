internal import CImaging

/// Random clouds of 0 ... 1, by the diamond-square algorithm of Albumentations. The noise is this tool's own.
///
/// Each step brings the values to 0 ... 1, of the part of the square grid that the image needs; Albumentations does it
/// for the whole grid.
struct Plasma: Codable, Sendable {
  var seed: UInt64
  /// Factor on the noise from one grid to the next finer one.
  var roughness: Double

  /// A value for each pixel, row by row.
  func pattern(for shape: ImageShape) throws(ImagingError) -> [Float] {
    guard shape.byteCount > 0 else { return [] }
    var pattern = [Float](repeating: 0, count: shape.width * shape.height)
    var (plasma, message) = (cimaging_plasma(seed: seed, roughness: roughness), cimaging_message())
    let status = unsafe cimaging_plasma_pattern(
      &plasma, Int32(shape.width), Int32(shape.height), &pattern, &message)
    try check(status, message)
    return pattern
  }
}

extension Parameter {
  /// `plasma_size` and `roughness`.
  static func plasma(_ size: Field<Int>, _ roughness: Field<Double>) -> [Parameter] {
    [
      .integer("plasma_size", size, in: 1...1_000_000, "without effect, as in Albumentations"),
      .number("roughness", roughness, in: 1e-3...100, "factor on the noise from one size of cloud to half of it"),
    ]
  }
}
