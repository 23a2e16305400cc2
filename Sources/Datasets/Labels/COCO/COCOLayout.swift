/// Where the files of a COCO data set lie: the labels in `annotations`, or beside the images.
struct COCOLayout {
  /// Names before the part of the set, in the order in which they are preferred: the same objects again, but with their
  /// points or without their class.
  private static let prefixes = ["instances_", "person_keypoints_"]
  private static let labelFolder = "annotations"
  /// The file of a part, beside its images.
  private static let nameBesideImages = "_annotations.coco.json"

  /// Of the labels, relative to the data set.
  let file: String

  /// The file of a part of a data set that is made anew; `nil`: of a set that is not divided.
  init(of split: String?) { file = "\(Self.labelFolder)/\(Self.prefixes[0])\(split ?? Self.undivided).json" }

  init(file: String) { self.file = file }

  /// What tools call the whole in place of a part.
  private static let undivided = "default"

  private var folder: Substring { file.dropLast(file.lastPathComponent.count).dropLast() }

  /// Whether its name alone tells that it holds objects.
  var isNamedLikeCOCO: Bool {
    let name = file.lastPathComponent
    return name == Self.nameBesideImages || Self.prefixes.contains { name.hasPrefix($0) }
  }

  /// Lower is better.
  var rank: Int {
    let name = file.lastPathComponent
    if name == Self.nameBesideImages { return 0 }
    return Self.prefixes.firstIndex { name.hasPrefix($0) } ?? Self.prefixes.count
  }

  /// The name without what all such files have in common: `train2017`.
  private var stem: String {
    let name = file.lastPathComponent
    if name == Self.nameBesideImages { return folder.split(separator: "/").last.map { String($0) } ?? "" }
    let prefix = Self.prefixes.first { name.hasPrefix($0) } ?? ""
    return String(name.dropFirst(prefix.count)).withoutExtension
  }

  /// The part of the set; `nil` if the name tells none.
  var split: String? {
    let words = stem.lowercased().split { !$0.isLetter }
    let names = ["train": "train", "val": "val", "valid": "val", "validation": "val", "test": "test"]
    return words.lazy.compactMap { names[String($0)] }.first
  }

  /// The part of the set, as one of several files.
  var splitOfSeveral: String { split ?? (stem.isEmpty ? Self.undivided : stem) }

  /// Folders in which the images may lie, relative to the data set and ending with a slash, in the order in which they
  /// are tried.
  var imageFolders: [String] {
    let parts = folder.split(separator: "/")
    let isInLabelFolder = parts.last.map { $0.lowercased() == Self.labelFolder } ?? false
    let root = isInLabelFolder ? parts.dropLast() : parts[...]
    let names = [stem, split ?? stem].filter { !$0.isEmpty }
    let inner = names + names.map { "images/\($0)" } + names.map { "\($0)/images" } + ["images"]
    let below = inner.map { (root + [$0[...]]).joined(separator: "/") + "/" }
    let beside = [parts, Array(root)].map { $0.isEmpty ? "" : $0.joined(separator: "/") + "/" }
    let isBeside = file.lastPathComponent == Self.nameBesideImages
    return isBeside ? beside + below : below + beside
  }

  /// The folder of the images, if there is none to be found.
  var assumedImageFolder: String {
    file.lastPathComponent == Self.nameBesideImages && !folder.isEmpty ? "\(folder)/" : ""
  }

  /// The name of an image in the file.
  func name(of image: String) -> String {
    imageFolders.first { !$0.isEmpty && image.hasPrefix($0) }.map { String(image.dropFirst($0.count)) } ?? image
  }
}
