/// Places a reference image somewhere on the image; what is transparent there stays free. A larger one is scaled to the
/// image's size. Grey and colour; a reference image of the other kind is converted. Its objects are labelled.
///
/// Source: Albumentations `OverlayElements` for an element without a box, OpenCV `resize`. Albumentations takes elements
/// from the call, any number of them, and does not scale their masks.
package struct OverlayElements: ReferenceTransform {
  package struct Drawn: Codable, Sendable {
    package var reference: ReferenceDraw
    /// The element's first column and row in the image.
    package var x, y: Int

    package init(reference: ReferenceDraw, x: Int, y: Int) { (self.reference, self.x, self.y) = (reference, x, y) }
  }

  package static let summary = "Places a reference image somewhere on the image."
  package static let bringsObjects = true
  package static let parameters: [Parameter<OverlayElements>] = []

  package var references = References()

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let reference = references.draw(using: &random)
    let free = references.image(of: reference).map { library, index in
      Self.free(library.images[index].size, in: context.shape)
    }
    guard let free else { return Drawn(reference: reference, x: 0, y: 0) }
    let x = random.integer(0...free.width)
    return Drawn(reference: reference, x: x, y: random.integer(0...free.height))
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    guard let (library, index) = references.image(of: drawn.reference) else {
      return .inapplicable(references.reason(toSkip: drawn.reference))
    }
    let size = library.images[index].size
    let (element, free) = (Self.element(size, in: shape), Self.free(size, in: shape))
    let (x, y) = (min(max(drawn.x, 0), free.width), min(max(drawn.y, 0), free.height))
    var merge = Merge(own: []) { (source, destination) throws(ImagingError) in
      let reference = try library.pixels(index, channels: source.shape.channels)
      try reference.withColor(element, .area) { (color) throws(ImagingError) in
        try reference.withAlpha(element) { (mask) throws(ImagingError) in
          try destination.overlay(color, mask: mask, x: x, y: y, on: source)
        }
      }
    }
    merge.add(
      library, index,
      [
        .geometry(.resize(width: element.width, height: element.height)),
        .geometry(.window(Rectangle(x: -x, y: -y, width: shape.width, height: shape.height))),
      ])
    return .merge(merge)
  }

  /// The size of an element on an image.
  private static func element(_ size: ImageSize, in shape: ImageShape) -> ImageSize {
    size.width > shape.width || size.height > shape.height ? shape.size : size
  }

  /// The columns and rows that an element leaves free.
  private static func free(_ size: ImageSize, in shape: ImageShape) -> ImageSize {
    let element = element(size, in: shape)
    return ImageSize(width: shape.width - element.width, height: shape.height - element.height)
  }
}
