package import Imaging

/// How image files are read and written, independent of the job.
package struct ImageFileOptions: Codable, Hashable, Sendable {
  package var encoding = EncodingOptions()
  /// Images with more pixels are refused before anything is allocated for them.
  package var maxPixels = ImageDecoder.defaultMaxPixels

  package init() {}
}
