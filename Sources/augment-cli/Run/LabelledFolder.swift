internal import Datasets
internal import Imaging

/// A folder of images with whatever labels and masks it has, for commands that look at it.
struct LabelledFolder {
  /// The images, without those that are masks.
  let listing: FolderListing
  /// `nil` if there are no labels.
  let labels: LabelSet?
  /// The name of the labels' format.
  let formatName: String?
  /// The labels of each image, as indices among those of the set; several if it is not clear which.
  let links: [[Int]]
  /// The mask of each image that has one, as a path.
  let masks: [String: String]

  init(_ path: String, _ flags: DatasetFlags) throws(Failure) {
    let listing = try FolderListing.ofInput(path)
    let found = try Failure.telling { try Self.labels(path, flags) }
    let masks = try Self.masks(flags.masks)
    (labels, formatName) = (found?.set, found?.name)
    self.listing = listing
    links = listing.images.map { found?.set.indices(of: $0.path) ?? [] }
    self.masks = Dictionary(
      listing.images.compactMap { image in masks[Self.stem(of: image.path)].map { (image.path, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// For statistics.
  var source: DatasetStatistics.Source {
    .init(listing, labels: labels, formatName: formatName ?? "", links: links)
  }

  private static func labels(_ path: String, _ flags: DatasetFlags) throws -> (set: LabelSet, name: String)? {
    guard let place = try? LabelPlace(flags.labels ?? path) else { return nil }
    let named = flags.labelFormat.flatMap { LabelFormatCatalog.type(named: $0.rawValue) }
    guard let format = named ?? LabelFormatCatalog.format(of: place) else {
      if let labels = flags.labels { throw LabelError(.noLabels, in: labels) }
      return nil
    }
    var options = LabelOptions()
    options.vocOrigin = flags.vocOrigin
    return (try format.read(place, options), format.name)
  }

  /// The images of a folder by the paths of what they belong to, without extensions.
  private static func masks(_ folder: String?) throws(Failure) -> [String: String] {
    guard let folder else { return [:] }
    let listing = try FolderListing.ofInput(folder)
    return Dictionary(
      listing.images.map { (stem(of: $0.path), "\(folder)/\($0.path)") }, uniquingKeysWith: { first, _ in first })
  }

  private static func stem(of path: String) -> String {
    let name = path.lastPathComponent
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }
}
