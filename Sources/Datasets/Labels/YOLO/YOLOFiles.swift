internal import Imaging
internal import Platform
internal import SystemPackage

/// Which text files of a place are labels: those in folders called `labels`, or else those beside images and named like
/// them; where there are no images, all.
struct YOLOFiles {
  static let fileExtension = "txt"
  static let labelFolder = "labels"
  static let imageFolder = "images"

  /// Files that are looked into, so that a folder of 100 000 is recognised as fast as a small one.
  private static let inspectedCount = 32

  private let place: LabelPlace
  /// Sorted by their bytes.
  let labels: [String]

  init(of place: LabelPlace) {
    self.place = place
    let texts = place.files.filter {
      $0.lowercased().hasSuffix(".\(Self.fileExtension)")
        && !YOLOSettingsReader.listNames.contains($0.lastPathComponent)
    }
    let inFolder = texts.filter { $0.split(separator: "/").dropLast().contains { $0 == Self.labelFolder } }
    if !inFolder.isEmpty || place.isFile {
      labels = inFolder.isEmpty ? texts : inFolder
    } else if place.imageFiles.isEmpty {
      labels = texts.filter { !YOLOSplits.isList($0, of: place) }
    } else {
      let stems = Set(place.imageFiles.lazy.map(\.withoutExtension))
      labels = texts.filter { stems.contains($0.withoutExtension) }
    }
  }

  /// Whether some label files begin as labels do, or a `data.yaml` names the classes of the parts of a data set. A README
  /// beside images is no label, and names alone do not tell.
  var areRecognized: Bool {
    let step = max(1, labels.count / Self.inspectedCount)
    let inspected = stride(from: 0, to: labels.count, by: step).lazy.map { labels[$0] }
    if inspected.contains(where: { firstLine($0).map(YOLOLine.isLikely) ?? false }) { return true }
    guard !place.isFile, let found = try? YOLOSettingsReader(of: place, labelFile: nil) else { return false }
    // One above the place may belong to what lies beside it.
    return !found.settings.names.isEmpty && !found.settings.parts.isEmpty && found.folder == place.folder.path.resolved
  }

  /// The first line that is not blank.
  private func firstLine(_ file: String) -> Substring? {
    place.headText(file).split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) }
  }
}
