extension LookupTable {
  /// value × `slope` + `offset` in single precision, clamped to 0 ... 255, then truncated, as Albumentations computes its
  /// tables.
  static func linear(slope: Float, offset: Float = 0) -> LookupTable {
    LookupTable { UInt8(truncating: Float($0) * slope + offset) }
  }
}

extension UInt8 {
  /// Clamped, then truncated; 255 for what is no number.
  init(truncating value: Float) { self.init(value < 255 ? Swift.max(value, 0) : 255) }

  /// Clamped, then rounded half to even; 255 for what is no number.
  init(nearest value: Double) { self.init(value < 255 ? Swift.max(value.rounded(.toNearestOrEven), 0) : 255) }
}
