package import Imaging

/// How image files are read and written, independent of the job.
package struct ImageFileOptions: Codable, Hashable, Sendable {
  package var encoding = EncodingOptions()
  /// Images with more pixels are refused before anything is allocated for them.
  package var maxPixels = ImageDecoder.defaultMaxPixels

  /// What samples are reduced to; `nil`: they keep the bits that they have.
  package var depth: SampleDepth?

  package init() {}
}

/// Bits of a sample.
package enum SampleDepth: String, Codable, Hashable, Sendable {
  case eight = "8"
}
