internal import Imaging
internal import Platform
internal import SystemPackage

/// Which images belong to which part of a data set: as `data.yaml` says by folders or lists; or else as lists called
/// like `train.txt` say; or else as folders are called.
struct YOLOSplits {
  /// More than the lists of the largest data sets, which name two million images.
  private static let listByteLimit = 256 << 20
  private static let lineLimit = 4_000_000

  private(set) var images: YOLOImages
  /// Empty if the set is not divided.
  private(set) var splits: [LabelSplit] = []
  /// Lists that cannot be read.
  private(set) var faults: [LabelFault] = []
  private let place: LabelPlace

  init(_ images: YOLOImages, of place: LabelPlace) { (self.images, self.place) = (images, place) }

  mutating func read(_ settings: YOLOSettings) {
    let folder = images.settingsFolder
    for part in settings.parts { add(part, [folder + settings.root.components, folder]) }
    // A set that is not divided names its only folder twice, because readers ask for both.
    if splits.count > 1, Set(splits.map(\.members)).count == 1 {
      splits = []
      return
    }
    if splits.isEmpty { addLists() }
    if splits.isEmpty { addNamedFolders() }
  }

  /// - Parameter bases: the folders that its paths may be relative to.
  private mutating func add(_ part: YOLOSettings.Part, _ bases: [[Substring]]) {
    var split = LabelSplit(part.name)
    var folders: Set<String> = []
    for path in part.paths {
      if path.lowercased().hasSuffix(".\(YOLOFiles.fileExtension)") {
        addMembers(ofList: path, bases, to: &split)
      } else if let folder = images.folder(path, bases) {
        folders.insert(folder)
      }
    }
    if !folders.isEmpty { split.members += images.members(of: folders) }
    if split.members.isEmpty { return }
    if let index = splits.firstIndex(where: { $0.name == split.name }) {
      splits[index].members += split.members
    } else {
      splits.append(split)
    }
  }

  private mutating func addLists() {
    for file in place.files where Self.isList(file, of: place) {
      guard let name = file.withoutExtension.components.last.flatMap(Self.name) else { continue }
      add(YOLOSettings.Part(name: name, paths: [file]), [images.placeFolder])
    }
  }

  private mutating func addNamedFolders() {
    let members = images.members { folders in folders.lazy.compactMap(Self.name).first }
    for name in Self.order {
      guard let members = members[name] else { continue }
      splits.append(LabelSplit(name))
      splits[splits.count - 1].members = members
    }
  }
}

extension YOLOSplits {
  /// Every name of a part that tools write, and ours.
  private static let names = [
    "train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val", "test": "test",
    "testing": "test", "minival": "minival",
  ]
  private static let order = ["train", "val", "test", "minival"]

  /// The part whose images a key of `data.yaml` names; `nil` if it is no such key.
  static func name(ofKey key: String) -> String? { names[key] }

  /// The part that a folder or a list is called after, with or without a year.
  static func name(of folder: Substring) -> String? {
    let digitCount = folder.utf8.reversed().prefix { "0123456789".utf8.contains($0) }.count
    return names[folder.dropLast(digitCount).lowercased()]
  }

  /// Whether a file lists the images of a part: it is called after it, and its first line names an image.
  static func isList(_ file: String, of place: LabelPlace) -> Bool {
    guard file.lowercased().hasSuffix(".\(YOLOFiles.fileExtension)"),
      file.withoutExtension.components.last.flatMap(name) != nil,
      let line = place.headText(file).split(whereSeparator: \.isNewline).first
    else { return false }
    return FilePath(text: line.withoutOuterSpace).isNamedLikeAnImage
  }

  private mutating func addMembers(ofList path: String, _ bases: [[Substring]], to split: inout LabelSplit) {
    for reading in path.readings(bases) {
      do throws(LabelError) {
        guard let file = images.top?.pushing(FilePath(text: reading)),
          let text = try LabelPlace.text(at: file, limit: Self.listByteLimit)
        else { continue }
        split.file = images.placePath(reading) ?? reading.lastPathComponent
        let folder = Array(reading.components.dropLast())
        split.members += try members(inLinesOf: text, of: file, [folder] + bases)
      } catch {
        faults.append(LabelFault(error))
      }
      return
    }
  }

  private mutating func members(
    inLinesOf text: String, of file: FilePath, _ bases: [[Substring]]
  ) throws(LabelError) -> [LabelSplit.Member] {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), maxSplits: Self.lineLimit)
    guard lines.count <= Self.lineLimit else {
      throw LabelError(.tooManyValues(limit: Self.lineLimit), in: file.text)
    }
    var members: [LabelSplit.Member] = []
    for line in lines {
      let path = Substring(line).withoutOuterSpace
      if !path.isEmpty { members.append(images.member(path, bases)) }
    }
    return members
  }
}
