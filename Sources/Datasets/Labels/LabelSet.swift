/// The labels of many images, and whose they are.
package struct LabelSet: Sendable {
  /// What the labels say about an image.
  package enum Match: Hashable, Sendable {
    case none
    case one(LabelledImage)
    /// Labels that may each be meant for it, by their paths.
    case several([String])
  }

  package let images: [LabelledImage]
  /// In the order of the labels; those of objects that no list names come last, sorted.
  package private(set) var classes: [LabelClass] = []
  /// Empty if the set is not divided.
  package var splits: [LabelSplit] = []
  /// The file that holds a set that is not divided, in formats that have such a file; without members.
  package var whole: LabelSplit?
  /// Everything that the labels say about the whole set.
  package var fields: [LabelField] = []
  /// What cannot be used and belongs to no image.
  package var faults: [LabelFault] = []
  private let byPath: [String: Int]
  /// By the last component of `stemPath`.
  private let byStem: [String: [Int]]

  package init(_ images: [LabelledImage], classes: [LabelClass] = []) {
    self.images = images
    byPath = Dictionary(images.indices.map { (images[$0].path, $0) }, uniquingKeysWith: { first, _ in first })
    byStem = Dictionary(grouping: images.indices) { images[$0].stemPath.lastPathComponent }
    let known = Set(classes.map(\.name))
    self.classes = classes + classNames.filter { !known.contains($0) }.map { LabelClass($0) }
  }

  /// The labels of an image.
  package func match(_ image: InputImage) -> Match {
    let indices = indices(of: image.path)
    switch indices.count {
    case 0: return .none
    case 1: return images[indices[0]].isListedOnly ? .none : .one(images[indices[0]])
    default: return .several(indices.map { images[$0].path })
    }
  }

  /// Which labels are those of an image, by what fits best: its path; its path without the extension; that path without
  /// the folders in which images and labels mirror each other, such as `images` and `labels`; the end of that path.
  package func indices(of path: String) -> [Int] {
    if let index = byPath[path] { return [index] }
    let stemPath = path.withoutExtension
    let candidates = byStem[stemPath.lastPathComponent, default: []]
    if let index = candidates.first(where: { images[$0].stemPath == stemPath }) { return [index] }
    let place = stemPath.mirroredComponents
    let mirrored = candidates.filter { images[$0].stemPath.mirroredComponents == place }
    return mirrored.isEmpty ? candidates.filter { images[$0].stemPath.mirroredComponents.ends(like: place) } : mirrored
  }

  /// Every class that occurs, sorted.
  package var classNames: [String] { Set(images.lazy.flatMap { $0.objects.lazy.map(\.className) }).sorted() }

  package var objectCount: Int { images.reduce(0) { $0 + $1.objects.count } }

  /// The objects of these classes only. All images stay.
  package func keeping(_ classNames: Set<String>) -> LabelSet {
    LabelSet(
      images.map { image in
        var image = image
        image.objects.removeAll { !classNames.contains($0.className) }
        return image
      })
  }
}

extension LabelSet: Codable, Hashable {
  private enum Key: String, CodingKey { case images, classes, splits, whole, fields, faults }

  package static func == (first: LabelSet, second: LabelSet) -> Bool {
    first.images == second.images && first.classes == second.classes && first.splits == second.splits
      && first.whole == second.whole && first.fields == second.fields && first.faults == second.faults
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(images) }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(images, forKey: .images)
    try container.encode(classes, forKey: .classes)
    try container.encode(splits, forKey: .splits)
    try container.encode(whole, forKey: .whole)
    try container.encode(fields, forKey: .fields)
    try container.encode(faults, forKey: .faults)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(
      try container.decode([LabelledImage].self, forKey: .images),
      classes: try container.decode([LabelClass].self, forKey: .classes))
    splits = try container.decode([LabelSplit].self, forKey: .splits)
    whole = try container.decode(LabelSplit?.self, forKey: .whole)
    fields = try container.decode([LabelField].self, forKey: .fields)
    faults = try container.decode([LabelFault].self, forKey: .faults)
  }
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
    let sides: Set<Substring> = [".", "images", "labels", "annotations", "JPEGImages", "Annotations"]
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
