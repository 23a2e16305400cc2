package import Imaging
package import Platform

/// Why the mask of an image cannot be used.
package struct MaskError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    case unusable(FileError)
    case undecodable(ImagingError)
    /// It cannot say anything about the pixels of its image.
    case otherSize(ImageSize, image: ImageSize)
  }

  /// The path of the mask.
  package var file: String
  package var reason: Reason

  package init(_ reason: Reason, in file: String) { (self.file, self.reason) = (file, reason) }

  /// Whether the machine is short of something, so that another try may succeed.
  package var isShortage: Bool {
    switch reason {
    case .unusable(let error): error.isShortage
    case .undecodable(let error): error == .outOfMemory
    case .otherSize: false
    }
  }
}

extension MaskError: CustomStringConvertible {
  /// One sentence: `masks/a.png: has 40x30 pixels, and its image 80x60`.
  package var description: String {
    let reason =
      switch reason {
      case .unusable(let error): error.reason
      case .undecodable(let error): error.description
      case .otherSize(let size, let image): "has \(size) pixels, and its image \(image)"
      }
    return "\(printable(file.unicodeScalars)): \(reason)"
  }
}
