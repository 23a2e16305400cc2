internal import Datasets
internal import Imaging

/// A folder of images with whatever labels and masks it has, for commands that look at it.
struct LabelledFolder {
  /// The images, without those that are masks.
  let listing: FolderListing
  /// `nil` if there are no labels.
  let labels: LabelSet?
  /// The name of the labels' format.
  let formatName: String
  /// The labels of each image, as indices among those of the set; several if it is not clear which.
  let links: [[Int]]
  let masks: [MaskFolder]

  init(_ path: String, _ flags: DatasetFlags) throws(Failure) {
    let all = try FolderListing.ofInput(path)
    let dataset = try Failure.telling { try Dataset.find(flags.treatment, in: all) }
    listing = dataset?.listing ?? all
    labels = dataset?.format == nil ? nil : dataset?.set
    formatName = dataset?.format?.name ?? ""
    masks = dataset?.masks ?? []
    links = dataset?.links.map(\.indices) ?? listing.images.map { _ in [] }
  }

  /// For statistics.
  var source: DatasetStatistics.Source {
    var source = DatasetStatistics.Source(listing, labels: labels, formatName: formatName, links: links)
    source.masks = masks
    return source
  }
}

extension Dataset.Link {
  fileprivate var indices: [Int] {
    switch self {
    case .none: []
    case .one(let index): [index]
    case .several(let indices): indices
    }
  }
}
