/// Image files that transforms take besides the image itself: all that a run keeps of them. Pixels are decoded when a
/// transform needs them.
package struct ReferenceImages: Codable, Hashable, Sendable {
  /// As a pipeline file names them; empty: those of the run, for every transform whose file names none.
  package var names: [String]
  /// The folder that the paths are relative to, without links, so that images of the input are recognised as such.
  package var folder: String
  /// In the order in which they are numbered; never empty.
  package var images: [ReferenceImage]

  /// The most images. Each costs a look at its header before the run.
  package static let limit = 100_000

  package init(names: [String] = [], folder: String, images: [ReferenceImage]) {
    precondition(!images.isEmpty && images.count <= Self.limit, "some images, and not too many")
    (self.names, self.folder, self.images) = (names, folder, images)
  }
}

/// An image file that transforms may take.
package struct ReferenceImage: Codable, Hashable, Sendable {
  /// Relative to the folder of all.
  package var path: String
  /// Of the upright image.
  package var size: ImageSize

  package init(path: String, size: ImageSize) { (self.path, self.size) = (path, size) }
}

/// Which image was drawn. The path is kept as well, so that a manifest still names it when the folder has changed.
package struct ReferenceDraw: Codable, Hashable, Sendable {
  package var index: Int
  package var path: String

  package init(index: Int, path: String) { (self.index, self.path) = (index, path) }
}
