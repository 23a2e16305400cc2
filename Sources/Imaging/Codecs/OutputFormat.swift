/// A format in which products are written.
package enum OutputFormat: Codable, Hashable, Sendable {
  case image(ImageFormat)
  /// A NumPy array, of floating-point numbers where a pipeline ends with `Normalize`.
  case array
  /// The same in an archive, under the name `image`.
  case archive

  /// Whether it has a place for alpha.
  package var hasAlpha: Bool {
    switch self {
    case .image(let format): format != .jpeg
    case .array, .archive: false
    }
  }

  /// Lower case and without the dot.
  package var fileExtension: String {
    switch self {
    case .image(let format): format.fileExtensions[0]
    case .array: "npy"
    case .archive: "npz"
    }
  }
}
