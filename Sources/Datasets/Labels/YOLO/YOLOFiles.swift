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
    let inFolder = texts.filter(Self.isInLabelFolder)
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
  /// beside images is no label, and names alone do not tell, but for a folder `labels` that somebody points at.
  var areRecognized: Bool {
    let place = place.folder.path.resolved
    if !labels.isEmpty, place.map({ $0.text.lastPathComponent == Self.labelFolder }) ?? false { return true }
    let step = max(1, labels.count / Self.inspectedCount)
    if stride(from: 0, to: labels.count, by: step).contains(where: { isLikely(labels[$0]) }) { return true }
    guard !self.place.isFile, let found = try? YOLOSettingsReader(of: self.place, labelFile: nil) else { return false }
    // One above the place may belong to what lies beside it.
    return !found.settings.names.isEmpty && !found.settings.parts.isEmpty && found.folder == place
  }

  /// An empty file is likely where labels belong: its image has no objects.
  private func isLikely(_ file: String) -> Bool { firstLine(file).map(YOLOLine.isLikely) ?? Self.isInLabelFolder(file) }

  private static func isInLabelFolder(_ file: String) -> Bool {
    file.components.dropLast().contains { $0 == labelFolder }
  }

  /// The first line that is not blank.
  private func firstLine(_ file: String) -> Substring? {
    place.headText(file).split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) }
  }
}
