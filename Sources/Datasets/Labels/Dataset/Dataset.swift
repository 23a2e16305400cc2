internal import Platform

/// The labels of an input folder: which are whose, in which format, and where they lie.
package struct Dataset: Sendable {
  package let set: LabelSet
  /// `nil` if there are masks alone.
  package let format: (any LabelFormat.Type)?
  /// Where the labels are, as the user would name it.
  package let path: String
  /// How label files lie relative to the images; `nil` if the labels are not those of the input's own layout, or in no
  /// such way.
  package let placement: LabelPlacement?
  /// Whether the labels lie in the input.
  package let isOwn: Bool
  package let masks: [MaskFolder]
  /// The listing without mask images.
  package let listing: FolderListing
  /// The labels of each image of the listing.
  package let links: [Link]

  package enum Link: Hashable, Sendable {
    /// No label names the image.
    case none
    /// An index among the images of the set.
    case one(Int)
    case several([Int])

    package var index: Int? { if case .one(let index) = self { index } else { nil } }
  }

  /// Finds and reads the labels that a run asks for.
  /// - Returns: `nil` if it asks for none, or the input holds none.
  package static func find(_ treatment: LabelTreatment, in listing: FolderListing) throws(LabelError) -> Dataset? {
    let masks = try masks(treatment, in: listing)
    switch treatment.source {
    case .none: return nil
    case .path(let path, let word):
      let place = try LabelPlace(path)
      guard let format = word.map({ LabelFormatCatalog.type(named: $0) }) ?? LabelFormatCatalog.format(of: place) else {
        throw LabelError(.noLabels, in: path)
      }
      return try Dataset(
        path, format.read(place, treatment.options), format, masks, listing, isOwn: path == listing.input.path)
    case .input:
      guard listing.isOfFolder, let place = try? LabelPlace(listing) else { return nil }
      if let format = LabelFormatCatalog.format(of: place) {
        let set = try format.read(place, treatment.options)
        let dataset = Dataset(listing.input.path, set, format, masks, listing, isOwn: true)
        // Otherwise they are labels of other images, or files that only look like labels.
        if dataset.namesImages { return dataset }
      }
      return masks.isEmpty ? nil : Dataset(listing.input.path, LabelSet([]), nil, masks, listing, isOwn: true)
    }
  }

  private static func masks(
    _ treatment: LabelTreatment, in listing: FolderListing
  ) throws(LabelError) -> [MaskFolder] {
    if treatment.source == .none || treatment.masks == nil && !listing.isOfFolder { return [] }
    // A folder that cannot be opened is a problem of the listing.
    guard let path = treatment.masks else { return (try? MaskFolder.all(in: listing)) ?? [] }
    do throws(FileError) {
      return [try MaskFolder(reading: path, for: listing.input.path)]
    } catch {
      throw LabelError(.unusable(error), in: path)
    }
  }

  private init(
    _ path: String, _ set: LabelSet, _ format: (any LabelFormat.Type)?, _ masks: [MaskFolder],
    _ listing: FolderListing, isOwn: Bool
  ) {
    let images = listing.leavingOut(
      labelFiles: set.images.count { $0.labelFile != nil }, images: { path in masks.contains { $0.holds(path) } })
    let links = images.images.map { image -> Link in
      let indices = set.indices(of: image.path)
      return indices.count < 2 ? indices.first.map { .one($0) } ?? .none : .several(indices)
    }
    (self.set, self.format, self.path, self.isOwn, self.masks) = (set, format, path, isOwn, masks)
    (self.listing, self.links) = (images, links)
    placement = isOwn ? Self.placement(of: set, images.images, links) : nil
  }

  /// The placement that all pairs of image and label file share.
  private static func placement(of set: LabelSet, _ images: [InputImage], _ links: [Link]) -> LabelPlacement? {
    var shared: LabelPlacement?
    for (image, link) in zip(images, links) {
      guard let index = link.index, let file = set.images[index].labelFile else { continue }
      let placement = LabelPlacement(image: image.path, label: file)
      guard let placement, shared == nil || shared == placement else { return nil }
      shared = placement
    }
    return shared
  }

  /// What a process that does not inherit the data set gets of it. It would perhaps read other labels.
  package struct Contents: Codable, Sendable {
    fileprivate var set: LabelSet
    fileprivate var format: String?
    fileprivate var path: String
    fileprivate var isOwn: Bool
  }

  package var contents: Contents { Contents(set: set, format: format?.word, path: path, isOwn: isOwn) }

  /// - Parameter listing: that of the data set where the contents are from.
  package init(_ contents: Contents, _ treatment: LabelTreatment, in listing: FolderListing) throws(LabelError) {
    self.init(
      contents.path, contents.set, contents.format.flatMap { LabelFormatCatalog.type(named: $0) },
      try Self.masks(treatment, in: listing), listing, isOwn: contents.isOwn)
  }

  /// Whether some labels belong to an image of the input.
  package var namesImages: Bool { links.contains { $0 != .none } }

  /// "Pascal VOC labels: 217 objects of 1 class on 200 images (train 160, val 40)".
  package var summary: String {
    let labelled = Set(links.compactMap(\.index))
    let objects = labelled.reduce(0) { $0 + set.images[$1].objects.count }
    let masks = masks.isEmpty ? "" : "masks in \(masks.map(\.name).joined(separator: " and "))"
    guard let format else { return masks }
    let parts = set.splits.filter { !$0.members.isEmpty }.prefix(8).map { "\($0.name) \($0.members.count)" }
    return "\(format.name) labels: \(counted(objects, "object")) of \(counted(set.classes.count, "class", "classes")) "
      + "on \(counted(labelled.count, "image"))\(parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")"
      + (masks.isEmpty ? "" : ", \(masks)")
  }
}

private func counted(_ count: Int, _ one: String, _ several: String? = nil) -> String {
  "\(count) \(count == 1 ? one : several ?? one + "s")"
}
