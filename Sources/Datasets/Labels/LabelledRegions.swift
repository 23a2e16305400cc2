package import Imaging

/// What label files say about an image.
package struct LabelledImage: Codable, Hashable, Sendable {
  /// As the labels name the image: a path relative to a folder that need not be the input.
  package var path: String
  /// The path without the extension of the image.
  package var stemPath: String
  /// The size that the labels are for; `nil` if they do not tell.
  package var size: ImageSize?
  package var regions: [Region]

  /// An image that the labels name by its file.
  package init(file: String, size: ImageSize? = nil, regions: [Region] = []) {
    let path = file.replacing("\\", with: "/")
    (self.path, stemPath) = (path, path.withoutExtension)
    (self.size, self.regions) = (size, regions)
  }

  /// An image whose labels lie in a file of their own, which is named like it.
  package init(stemPath: String, size: ImageSize? = nil, regions: [Region] = []) {
    (path, self.stemPath) = (stemPath, stemPath)
    (self.size, self.regions) = (size, regions)
  }
}

/// The labelled regions of many images, and whose they are.
package struct LabelledRegions: Sendable {
  /// What the labels say about an image.
  package enum Match: Hashable, Sendable {
    case none
    case one(LabelledImage)
    /// Labels that may each be meant for it, by their paths.
    case several([String])
  }

  package let images: [LabelledImage]
  private let byPath: [String: Int]
  /// By the last component of `stemPath`.
  private let byStem: [String: [Int]]

  package init(_ images: [LabelledImage]) {
    self.images = images
    byPath = Dictionary(images.indices.map { (images[$0].path, $0) }, uniquingKeysWith: { first, _ in first })
    byStem = Dictionary(grouping: images.indices) { images[$0].stemPath.lastPathComponent }
  }

  /// The labels of an image, by what fits best: its path; its path without the extension; that path without the
  /// folders in which images and labels mirror each other, such as `images` and `labels`; the end of that path.
  package func match(_ image: InputImage) -> Match {
    if let index = byPath[image.path] { return .one(images[index]) }
    let stemPath = image.path.withoutExtension
    let candidates = byStem[stemPath.lastPathComponent, default: []]
    if let index = candidates.first(where: { images[$0].stemPath == stemPath }) { return .one(images[index]) }
    let place = stemPath.mirroredComponents
    let mirrored = candidates.filter { images[$0].stemPath.mirroredComponents == place }
    let similar =
      mirrored.isEmpty ? candidates.filter { images[$0].stemPath.mirroredComponents.ends(like: place) } : mirrored
    switch similar.count {
    case 0: return .none
    case 1: return .one(images[similar[0]])
    default: return .several(similar.map { images[$0].path })
    }
  }

  /// Every class that occurs, sorted.
  package var classNames: [String] { Set(images.lazy.flatMap { $0.regions.lazy.map(\.className) }).sorted() }

  /// The regions of these classes only. All images stay.
  package func keeping(_ classNames: Set<String>) -> LabelledRegions {
    LabelledRegions(
      images.map { image in
        var image = image
        image.regions.removeAll { !classNames.contains($0.className) }
        return image
      })
  }
}

extension LabelledRegions: Codable, Hashable {
  package static func == (first: LabelledRegions, second: LabelledRegions) -> Bool { first.images == second.images }
  package func hash(into hasher: inout Hasher) { hasher.combine(images) }
  package func encode(to encoder: any Encoder) throws { try images.encode(to: encoder) }
  package init(from decoder: any Decoder) throws { self.init(try [LabelledImage](from: decoder)) }
}

extension String {
  /// Everything before the last dot of the name; the whole if there is none, or only the first character is one.
  var withoutExtension: String {
    let name = lastPathComponent
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return self }
    return String(utf8.dropLast(name.utf8.distance(from: dot, to: name.endIndex))) ?? self
  }

  /// The components but those that differ between the images and the labels of a data set.
  fileprivate var mirroredComponents: [Substring] {
    let sides: Set<Substring> = [".", "images", "labels", "JPEGImages", "Annotations"]
    return split(separator: "/").filter { !sides.contains($0) }
  }
}

extension [Substring] {
  /// Whether one is the end of the other.
  fileprivate func ends(like other: [Substring]) -> Bool {
    let count = Swift.min(self.count, other.count)
    return suffix(count) == other.suffix(count)
  }
}
