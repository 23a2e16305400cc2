/// The other images that a transform takes.
package struct References: Sendable {
  /// Files and folders that the pipeline file names; empty: the images of the run.
  package var names: [String] = []
  /// `nil` until the pipeline has been given images.
  package var library: ReferenceLibrary?

  package init() {}

  /// Draws one of the images; without any, nothing that could be found again.
  func draw(using random: inout RandomStream) -> ReferenceDraw {
    guard let images = library?.images, !images.isEmpty else { return ReferenceDraw(index: 0, path: "") }
    let index = random.integer(0...images.count - 1)
    return ReferenceDraw(index: index, path: images[index].path)
  }

  /// The image of a draw; `nil` if it is not there.
  func image(of draw: ReferenceDraw) -> (library: ReferenceLibrary, index: Int)? {
    guard let library, let index = library.index(of: draw) else { return nil }
    return (library, index)
  }

  /// Why a draw cannot be used.
  func reason(toSkip draw: ReferenceDraw) -> String {
    library == nil ? "it has no reference images" : "there is no reference image \(quoted(draw.path))"
  }
}

/// A transform that takes other images than the one it changes. A pipeline is given them by `Pipeline.taking`.
package protocol ReferenceTransform: Transform {
  var references: References { get set }
  /// Whether the objects of the other images come in as well.
  static var bringsObjects: Bool { get }
}

extension ReferenceTransform {
  package static var bringsObjects: Bool { false }
  /// Python functions, and names of arguments of a call.
  package static var unusedKeys: [String] { ["read_fn", "metadata_key"] }

  /// A change of pixels that needs the drawn image, which is decoded only then.
  func change(
    with draw: ReferenceDraw,
    _ change:
      @escaping @Sendable (
        _ source: borrowing PixelBuffer, _ reference: ReferencePixels, _ destination: inout PixelBuffer
      ) throws(ImagingError) -> Void
  ) -> Operation {
    guard let (library, index) = references.image(of: draw) else {
      return .inapplicable(references.reason(toSkip: draw))
    }
    return .pixels { (source, destination) throws(ImagingError) in
      try change(source, try library.pixels(index, channels: source.shape.channels), &destination)
    }
  }
}

extension Parameter where Root: ReferenceTransform {
  /// The files or folders of the reference images: null, a path, or a list of paths.
  static func references(_ name: String) -> Parameter {
    Parameter(
      name: name, summary: "reference images: a list of files and folders; null: those of the run",
      text: { root in
        let names = root.references.names.map(\.asJSON)
        return names.isEmpty ? "null" : "[\(names.joined(separator: ", "))]"
      }
    ) { value, root throws(ParameterError) in
      root.references.names = try value.paths()
    }
  }
}

extension ConfigValue {
  fileprivate func paths() throws(ParameterError) -> [String] {
    let values: [ConfigValue]
    switch content {
    case .null: return []
    case .text: values = [self]
    case .list(let list): values = list
    default: throw ParameterError("must be null, a path or a list of paths, not \(description)")
    }
    var paths: [String] = []
    for value in values {
      guard case .text(let path) = value.content, !path.isEmpty else {
        throw ParameterError("must hold paths of files and folders, not \(value.description)")
      }
      paths.append(path)
    }
    return paths
  }
}

extension String {
  /// The text as a string of JSON.
  fileprivate var asJSON: String {
    let escaped = unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "\"", "\\": text += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return "\"\(escaped)\""
  }
}
