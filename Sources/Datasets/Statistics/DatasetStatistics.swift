internal import Imaging
internal import Platform

/// What a data set holds, and what is wrong with it.
package struct DatasetStatistics: Encodable, Hashable, Sendable {
  package struct Split: Encodable, Hashable, Sendable {
    package var name: String
    /// That its list names.
    package var images: Int
    /// That lie in the data set, too.
    package var imagesFound: Int
  }

  package struct BrokenFile: Encodable, Hashable, Sendable {
    package var path: String
    package var reason: String
  }

  package struct Masks: Encodable, Hashable, Sendable {
    /// Of their folder.
    package var name: String
    package var files: Int
    package var imagesWithMask: Int
  }

  /// As the user named it.
  package var path: String
  package var images: ImageStatistics
  /// `nil` if there are none.
  package var labels: LabelStatistics?
  package var splits: [Split] = []
  package var masks: [Masks] = []
  /// Paths; empty if there are no labels at all.
  package var imagesWithoutLabels: [String] = []
  /// Images for which several labels may be meant.
  package var imagesWithSeveralLabels: [String] = []
  /// As the labels name their images.
  package var labelsWithoutImages: [String] = []
  /// Images whose labels are for another size.
  package var labelsOfAnotherSize: [String] = []
  package var brokenFiles: [BrokenFile] = []
  package var brokenLabels: [LabelError] = []
  /// Sets of images with the same bytes.
  package var duplicates: [[String]] = []

  package init(path: String, images: ImageStatistics) { (self.path, self.images) = (path, images) }

  /// Whether files cannot be read.
  package var hasBrokenFiles: Bool { !brokenFiles.isEmpty || !brokenLabels.isEmpty }
}

extension DatasetStatistics {
  /// What is known of a data set before its images are looked at.
  package struct Source: Sendable {
    package var listing: FolderListing
    /// `nil` if there are none.
    package var labels: LabelSet?
    /// The name of the labels' format.
    package var formatName: String
    /// The labels of each image of the listing, as indices among those of the set.
    package var links: [[Int]]
    package var masks: [MaskFolder] = []

    package init(_ listing: FolderListing, labels: LabelSet?, formatName: String, links: [[Int]]) {
      (self.listing, self.labels, self.formatName, self.links) = (listing, labels, formatName, links)
    }
  }

  /// Reads the header of each image.
  /// - Throws: only if the machine is short of something; an image that cannot be read is a broken file.
  package init(reading source: Source, progress: (_ done: Int) -> Void = { _ in }) throws {
    let inspector = ImageInspector(source.listing.input)
    var (known, facts, broken) = ([ImageFacts?](), [ImageFacts](), source.listing.problems.map(BrokenFile.init))
    for (index, image) in source.listing.images.enumerated() {
      do {
        facts.append(try inspector.facts(of: image))
        known.append(facts.last)
      } catch {
        let fileError = error as? FileError
        if fileError?.isShortage ?? (error as? ImagingError == .outOfMemory) { throw error }
        known.append(nil)
        broken.append(BrokenFile(path: image.path, reason: fileError?.reason ?? "\(error)"))
      }
      progress(index + 1)
    }
    self.init(path: source.listing.input.path, images: ImageStatistics(facts))
    brokenFiles = broken.sorted { $0.path.precedes($1.path) }
    duplicates = inspector.duplicates(among: facts)
    masks = source.masks.map { folder in
      let marked = source.listing.images.count { folder.mask(of: $0.path) != nil }
      return Masks(name: folder.name, files: folder.count, imagesWithMask: marked)
    }
    if let set = source.labels { count(set, source, known) }
  }

  /// - Parameter known: of each image of the listing; `nil` if its header cannot be read.
  private mutating func count(_ set: LabelSet, _ source: Source, _ known: [ImageFacts?]) {
    var counter = LabelCounter(classNames: set.classes.map(\.name))
    var isFound = [Bool](repeating: false, count: set.images.count)
    for ((image, links), facts) in zip(zip(source.listing.images, source.links), known) {
      for link in links { isFound[link] = true }
      guard links.count == 1 else {
        if links.isEmpty { imagesWithoutLabels.append(image.path) } else { imagesWithSeveralLabels.append(image.path) }
        continue
      }
      let labels = set.images[links[0]]
      guard let size = facts?.size, !labels.isUnreadable else { continue }
      if let stated = labels.size, stated != size { labelsOfAnotherSize.append(image.path) }
      counter.add(labels, path: image.path, size: size)
    }
    labels = counter.statistics(format: source.formatName)
    labelsWithoutImages = set.images.indices.filter { !isFound[$0] }.map { set.images[$0].path }
    brokenLabels = (set.faults + set.images.flatMap(\.faults)).map(\.error)
    splits = set.splits.map { split in
      Split(
        name: split.name, images: split.members.count, imagesFound: split.members.count { isFound[$0.image] })
    }
  }
}

extension DatasetStatistics.BrokenFile {
  fileprivate init(_ problem: FileProblem) { self.init(path: problem.path, reason: problem.reason) }
}
