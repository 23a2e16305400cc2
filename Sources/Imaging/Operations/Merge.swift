/// Other images that come into this one, with their objects.
package struct Merge: Sendable {
  /// Writes the result; the source is the image itself.
  package var change: Operation.Pixels
  /// Where the image itself comes to lie in the result; empty: where it is.
  package var own: [Operation]
  /// What the result shows besides.
  package var others: [Part] = []
  /// Where the result shows others alone, in its pixels: there it is opaque, whatever the image itself is.
  package var covered: [Rectangle] = []

  /// An image that comes in.
  package struct Part: Sendable {
    /// `nil`: the image itself once more.
    package var reference: Reference?
    /// Where it comes to lie: from its pixels to those of the result.
    package var operations: [Operation]
  }

  /// A reference image as labels may know it.
  package struct Reference: Sendable {
    /// `nil` for an image in memory.
    package var folder: String?
    package var image: ReferenceImage
  }

  package init(own: [Operation], change: @escaping Operation.Pixels) { (self.own, self.change) = (own, change) }

  /// Adds a reference image that comes to lie where `operations` take it.
  mutating func add(_ library: ReferenceLibrary, _ index: Int, _ operations: [Operation]) {
    let reference = Reference(folder: library.folder, image: library.images[index])
    others.append(Part(reference: reference, operations: operations))
  }

  /// What happens to the alpha plane of the image itself.
  var ofAlpha: [Operation] {
    guard !covered.isEmpty else { return own.ofAlpha }
    let covered = covered
    return own.ofAlpha + [
      .pixels { (source, destination) throws(ImagingError) in
        try destination.copy(from: source)
        for part in covered { destination.fill(part, with: [255]) }
      }
    ]
  }
}
