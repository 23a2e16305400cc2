package import Imaging

/// How image files are read and written, independent of the job.
package struct ImageFileOptions: Codable, Hashable, Sendable {
  package var encoding = EncodingOptions()
  /// Images with more pixels are refused before anything is allocated for them.
  package var maxPixels = ImageDecoder.defaultMaxPixels
  package var onDamage = DamagePolicy.warn

  /// What samples are reduced to; `nil`: they keep the bits that they have.
  package var depth: SampleDepth?

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

/// Bits of a sample.
package enum SampleDepth: String, Codable, Hashable, Sendable {
  case eight = "8"
}
