package import Imaging

/// How image files are read and written, independent of the job.
package struct ImageFileOptions: Codable, Hashable, Sendable {
  package var encoding = EncodingOptions()
  /// Images with more pixels are refused before anything is allocated for them.
  package var maxPixels = ImageDecoder.defaultMaxPixels
  package var onDamage = DamagePolicy.warn

  package init() {}
}

/// What becomes of an image whose file is damaged, but was decoded around the damage. A file that ends early never counts
/// as decoded.
package enum DamagePolicy: String, CaseIterable, Codable, Sendable {
  /// It fails.
  case reject
  /// It is worked on, and told.
  case warn
  /// It is worked on; only the summary lists it.
  case accept
}
