/// Where the label file of an image lies, relative to the image.
package enum LabelPlacement: Codable, Hashable, Sendable {
  /// In the same folder.
  case beside
  /// In a folder that mirrors that of the images: the last component `images` of the image's path becomes `labels`.
  case mirrored(images: String, labels: String)

  /// How the path of a label follows from that of its image; `nil` if in neither way.
  package init?(image: String, label: String) {
    let places = (image.withoutExtension.split(separator: "/"), label.withoutExtension.split(separator: "/"))
    guard places.0.count == places.1.count, places.0.last == places.1.last else { return nil }
    let different = places.0.indices.filter { places.0[$0] != places.1[$0] }
    switch different.count {
    case 0: self = .beside
    case 1: self = .mirrored(images: String(places.0[different[0]]), labels: String(places.1[different[0]]))
    default: return nil
    }
  }

  /// The path of the label file of an image.
  package func path(of image: String, fileExtension: String) -> String {
    let path = "\(image.withoutExtension).\(fileExtension)"
    guard case .mirrored(let images, let labels) = self else { return path }
    var components = path.split(separator: "/").map(String.init)
    guard let index = components.dropLast().lastIndex(of: images) else { return path }
    components[index] = labels
    return components.joined(separator: "/")
  }
}
