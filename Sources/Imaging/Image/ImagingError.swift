internal import CImaging

/// Why an image could not be read, transformed or written. Paths are the caller's to add.
public enum ImagingError: Error, Hashable, Sendable {
  /// The file has no bytes.
  case empty
  /// The file ends before its image does; the text is the decoder's.
  case truncated(String)
  /// The bytes are no image of the format that they begin as; the text is the decoder's.
  case damaged(String)
  /// A format, or a kind of it, that is not handled; the text names it.
  case unsupported(String)
  /// More pixels than the limit allows; known from the header, before anything was allocated.
  case tooLarge(width: Int, height: Int, maxPixels: Int)
  /// A transform that has no meaning for this image; the text says which and why.
  case notApplicable(String)
  /// The machine refused memory.
  case outOfMemory
  /// Anything else that a library reported.
  case failed(String)
}

extension ImagingError: CustomStringConvertible {
  /// A sentence fragment for people, without the path.
  public var description: String {
    switch self {
    case .empty: "the file is empty"
    case .truncated(let text): "truncated: \(text)"
    case .damaged(let text): "damaged: \(text)"
    case .unsupported(let text): "unsupported: \(text)"
    case .tooLarge(let width, let height, let maxPixels):
      "too large: \(width) x \(height) is more than the limit of \(maxPixels) pixels (--max-pixels)"
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
