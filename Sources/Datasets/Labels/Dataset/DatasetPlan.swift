package import Imaging
internal import Platform
internal import SystemPackage

/// The labels of a run: whose they are, where they go, and in which format.
///
/// A pure function of what was read and what the user asks for, the same in every process.
package struct DatasetPlan: Sendable {
  package let dataset: Dataset
  package let treatment: LabelTreatment
  package let writer: any LabelWriter
  /// `nil` if there are masks alone.
  package let outputFormat: (any LabelFormat.Type)?
  let filter: BoxFilter
  let layout: OutputLayout
  /// Whether the job works on each image; the others are carried over unchanged.
  private let isWorkedOn: [Bool]
  /// The splits of the output that list each image.
  private let memberships: [[WrittenLabels.Membership]]
  /// The input folder without links, by which its images are recognised among reference images.
  private let inputPath: String?
  /// Orders of the points of mirrored objects, by class.
  private let mirroredKeypoints: [String: [Int]]

  /// - Throws: a sentence about splits that are not there.
  package init(_ dataset: Dataset, _ treatment: LabelTreatment) throws(LabelError) {
    let format = treatment.outputFormat.flatMap { LabelFormatCatalog.type(named: $0) } ?? dataset.format
    let keepsTree = format == nil || dataset.isOwn && format == dataset.format
    let parts = try SplitPlan(dataset, chosen: treatment.splits, keepsLists: keepsTree)
    (self.dataset, self.treatment, outputFormat) = (dataset, treatment, format)
    filter = BoxFilter(treatment.limits)
    inputPath = dataset.listing.realPath?.text
    (isWorkedOn, memberships) = (parts.isWorkedOn, parts.memberships)
    if let format, !keepsTree {
      layout = OutputLayout(format, dataset.listing.images, splits: parts.homes.map { $0?.name })
    } else {
      layout = .mirrored
    }
    var plan = LabelWriterPlan(dataset.set, treatment.options, placement: keepsTree ? dataset.placement : nil)
    plan.splits = parts.splits
    if !keepsTree { plan.whole = nil }
    writer = format?.writer(plan) ?? NoLabelWriter()
    mirroredKeypoints = Dictionary(
      dataset.set.classes.compactMap { kind in treatment.flipPairs.order(for: kind).map { (kind.name, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// Whether an image is copied as it is, because its split is not worked on.
  package func isCarriedOver(_ imageIndex: Int) -> Bool { !isWorkedOn[imageIndex] }

  /// The place of a reference image among the images of the input; `nil` if it is another image.
  func imageIndex(of reference: Merge.Reference) -> Int? {
    reference.folder.flatMap { imageIndex(of: reference.image, in: $0) }
  }

  /// Whether a reference image is an image of the input that is not worked on.
  package func isCarriedOver(_ image: ReferenceImage, in folder: String) -> Bool {
    imageIndex(of: image, in: folder).map(isCarriedOver) ?? false
  }

  private func imageIndex(of image: ReferenceImage, in folder: String) -> Int? {
    guard let inputPath else { return nil }
    let path = FilePath(text: folder).pushing(FilePath(text: image.path))
    var inside = path
    guard inside.removePrefix(FilePath(text: inputPath)) else { return nil }
    let (images, wanted) = (dataset.listing.images, inside.text)
    var (low, high) = (0, images.count)
    while low < high {
      let middle = (low + high) / 2
      if images[middle].path.precedes(wanted) { low = middle + 1 } else { high = middle }
    }
    return low < images.count && images[low].path == wanted ? low : nil
  }

  /// What the labels say about an image; `nil` if nothing.
  package func labels(of imageIndex: Int) -> LabelledImage? {
    guard let index = dataset.links[imageIndex].index else { return nil }
    let image = dataset.set.images[index]
    return image.isListedOnly ? nil : image
  }

  package func memberships(of imageIndex: Int) -> [WrittenLabels.Membership] { memberships[imageIndex] }

  /// The order of the points of an object in a mirrored image; `nil`: as they are.
  package func mirroredOrder(of className: String) -> [Int]? { mirroredKeypoints[className] }

  /// Where the label file of an output lies; `nil` if the format has none, or its source has no labels.
  func labelPath(of output: PlannedOutput) -> String? {
    labels(of: output.imageIndex) == nil ? nil : writer.labelPath(of: output.path)
  }

  /// The masks of an output: each with its place in the folder of masks and in the output folder.
  package func masks(of output: PlannedOutput) -> [(folder: MaskFolder, mask: String, outputPath: String)] {
    let image = dataset.listing.images[output.imageIndex].path
    return dataset.masks.compactMap { folder in
      folder.mask(of: image).map { (folder, $0, folder.outputPath(of: $0, for: output.path)) }
    }
  }
}

/// Which images are worked on, and which lists name them.
private struct SplitPlan {
  var isWorkedOn: [Bool]
  var homes: [LabelSplit?]
  /// Of the output.
  var splits: [LabelSplit]
  var memberships: [[WrittenLabels.Membership]]

  /// In this order, an image that several lists name belongs to the first.
  private static let usualNames = ["train", "val", "valid", "validation", "test"]

  init(_ dataset: Dataset, chosen: [String]?, keepsLists: Bool) throws(LabelError) {
    let splits = dataset.set.splits
    let known = splits.map(\.name)
    if let unknown = chosen?.first(where: { !known.contains($0) && $0 != "all" }) {
      let list = known.isEmpty ? "it is not divided" : "its parts are \(known.joined(separator: ", "))"
      throw LabelError(.value("there is no split \(quoted(unknown)); \(list)"), in: dataset.path)
    }
    let lists = Self.lists(of: dataset)
    let worked: Set<String> = Set(chosen ?? (known.contains("train") ? ["train"] : ["all"]))
    isWorkedOn = lists.map { members in
      worked.contains("all") || members.contains { worked.contains(splits[$0.split].name) }
    }
    let ranks = splits.map { Self.usualNames.firstIndex(of: $0.name) ?? Self.usualNames.count }
    let homeIndices = lists.map { members in members.map(\.split).min { (ranks[$0], $0) < (ranks[$1], $1) } }
    homes = homeIndices.map { $0.map { splits[$0] } }
    if keepsLists {
      (self.splits, memberships) = (splits, lists)
    } else {
      (self.splits, memberships) = Self.partition(splits, homeIndices)
    }
  }

  /// The lists that name each image.
  private static func lists(of dataset: Dataset) -> [[WrittenLabels.Membership]] {
    var bySetImage: [Int: [WrittenLabels.Membership]] = [:]
    for (index, split) in dataset.set.splits.enumerated() {
      for member in split.members {
        bySetImage[member.image, default: []].append(.init(split: index, remark: member.remark))
      }
    }
    return dataset.links.map { link in link.index.flatMap { bySetImage[$0] } ?? [] }
  }

  /// Each image in the list of its home alone, under the list's name: what other formats can say.
  private static func partition(
    _ splits: [LabelSplit], _ homes: [Int?]
  ) -> ([LabelSplit], [[WrittenLabels.Membership]]) {
    let used = Array(Set(homes.compactMap { $0 })).sorted()
    let renamed = used.map { index -> LabelSplit in
      var split = splits[index]
      split.file = ""
      return split
    }
    let places = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
    let memberships = homes.map { home in
      home.flatMap { places[$0] }.map { [WrittenLabels.Membership(split: $0, remark: "")] } ?? []
    }
    return (renamed, memberships)
  }
}
