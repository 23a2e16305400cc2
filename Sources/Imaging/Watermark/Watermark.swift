package import Platform

/// A text or a picture that is drawn over images.
///
/// What a text looks like depends on the fonts and the text libraries of the machine; everything else is exact.
package struct Watermark: Codable, Hashable, Sendable {
  package enum Content: Codable, Hashable, Sendable {
    /// White with a dark outline, so that it can be read on any ground. For `font` see `TextStyle`.
    case text(String, font: String?)
    /// An image file with its transparency.
    case image(path: String)
  }

  /// Where the mark lies.
  package enum Gravity: String, CaseIterable, Codable, Hashable, Sendable {
    case northWest = "north-west"
    case north
    case northEast = "north-east"
    case west, center, east
    case southWest = "south-west"
    case south
    case southEast = "south-east"
  }

  package var content: Content
  package var gravity = Gravity.southEast
  /// From 0, invisible, to 1.
  package var opacity = 0.5
  /// The type size of the text, or the height of the picture, as a share of the image's shorter side, more than 0;
  /// `nil` for the default. A mark that would not fit into the image is made smaller.
  package var scale: Double?

  package init(_ content: Content) { self.content = content }

  /// Draws the text or reads the file.
  package func painter() throws(WatermarkError) -> WatermarkPainter { try WatermarkPainter(self) }
}

/// Why a watermark cannot be drawn.
package enum WatermarkError: Error, Hashable, Sendable {
  case text(TextError)
  case file(FileError)
  /// The file at a path is no picture that can be read.
  case picture(path: String, ImagingError)
  /// The mark could not be scaled for an image.
  case scaling(ImagingError)
}

extension WatermarkError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .text(let error): "watermark: \(error)"
    case .file(let error): "\(error)"
    case .picture(let path, let error): "\(path): \(error)"
    case .scaling(let error): "watermark: \(error)"
    }
  }

  /// Whether the machine is short of a resource, so that a later try may succeed.
  package var isShortage: Bool {
    switch self {
    case .text(.shortage): true
    case .text: false
    case .file(let error): error.isShortage
    case .picture(_, let error), .scaling(let error): error == .outOfMemory
    }
  }
}
