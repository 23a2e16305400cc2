internal import CImaging

/// Why an image could not be read, transformed or written. The caller adds the path.
package enum ImagingError: Error, Hashable, Sendable {
  case empty
  /// The file ends before its image does; the text comes from the decoder.
  case truncated(String)
  /// The bytes are not a valid image of the detected format; the text comes from the decoder.
  case damaged(String)
  /// An unsupported format or variant; the text names it.
  case unsupported(String)
  /// More pixels than the limit allows; detected in the header, before anything was allocated.
  case tooLarge(width: Int, height: Int, maxPixels: Int)
  /// A transform that cannot apply to this image; the text says which and why.
  case notApplicable(String)
  /// An allocation failed.
  case outOfMemory
  /// Any other error reported by a library.
  case failed(String)
}

extension ImagingError: CustomStringConvertible {
  /// A sentence fragment without the path.
  package var description: String {
    switch self {
    case .empty: "the file is empty"
    case .truncated(let text): "truncated: \(text)"
    case .damaged(let text): "damaged: \(text)"
    case .unsupported(let text): "unsupported: \(text)"
    case .tooLarge(let width, let height, let maxPixels):
      "too large: \(width) x \(height) is more than the limit of \(maxPixels) pixels"
    case .notApplicable(let text): text
    case .outOfMemory: "out of memory"
    case .failed(let text): text
    }
  }
}

extension cimaging_message {
  /// The text up to its NUL.
  var string: String {
    unsafe withUnsafeBytes(of: text) { bytes in unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
