internal import Imaging
internal import Platform
internal import SystemPackage

/// The images of a data set by their paths.
///
/// Data sets are moved, and tools write paths relative to other folders than they mean, so of a path that leads nowhere
/// the end counts.
struct YOLOImages {
  /// Those of the label files, and behind them images without labels that are asked for.
  private(set) var images: [LabelledImage]
  /// Where all paths here begin: the place of the labels, or a folder above it that has `data.yaml`.
  let top: FilePath?
  /// The folder of `data.yaml`, below the top.
  let settingsFolder: [Substring]
  /// The path of the place below the top.
  let placeFolder: [Substring]
  /// The files of images in the place, by their paths below the top.
  private let files: [String: String]
  /// Of each image, below the top, without the extension.
  private var stems: [String] = []
  private var indices: [String: Int] = [:]
  /// Every folder in which or below which there are images; empty for the top.
  private var folders: Set<String> = []

  init(_ images: [LabelledImage], of place: LabelPlace, settingsFolder: FilePath?) {
    self.images = images
    let base = place.folder.path.resolved
    let inner = base.map(\.text.components) ?? []
    let outer = settingsFolder.map(\.text.components) ?? inner
    let isAbove = outer.count < inner.count && inner.starts(with: outer)
    top = isAbove ? settingsFolder : base
    self.settingsFolder = outer.starts(with: inner) ? Array(outer.dropFirst(inner.count)) : []
    let placeFolder = isAbove ? Array(inner.dropFirst(outer.count)) : []
    self.placeFolder = placeFolder
    files = Dictionary(
      place.imageFiles.map { ((placeFolder + $0.components).joined(separator: "/"), $0) },
      uniquingKeysWith: { first, _ in first })
    for index in images.indices {
      add((placeFolder + images[index].path.components).mirrored.joined(separator: "/"), index)
    }
    for path in files.keys { addFolders(of: path) }
  }

  private mutating func add(_ stem: String, _ index: Int) {
    stems.append(stem)
    if indices[stem] == nil { indices[stem] = index }
    addFolders(of: stem)
  }

  private mutating func addFolders(of path: String) {
    var folder = path.parentPath ?? ""
    while folders.insert(folder).inserted, !folder.isEmpty { folder = folder.parentPath ?? "" }
  }

  /// A path below the top as one below the place, if it is that.
  func placePath(_ path: String) -> String? {
    let components = path.components
    guard components.starts(with: placeFolder) else { return nil }
    return components.dropFirst(placeFolder.count).joined(separator: "/")
  }
}

extension YOLOImages {
  /// The folder with images that a path means.
  /// - Parameter bases: the folders that it may be relative to.
  func folder(_ path: String, _ bases: [[Substring]]) -> String? {
    path.readings(bases).first(where: folders.contains)
  }

  /// The images in some folders and below, in order. Those without labels become images of the set.
  mutating func members(of folders: Set<String>) -> [LabelSplit.Member] {
    addFiles { path in path.isIn(folders) }
    return stems.indices.filter { stems[$0].isIn(folders) }.map { LabelSplit.Member($0) }
  }

  /// The image that a line of a list means. One without labels becomes an image of the set.
  mutating func member(_ path: String, _ bases: [[Substring]]) -> LabelSplit.Member {
    var (file, stem) = (path, path.readings(bases).first { _ in true } ?? path)
    for reading in path.readings(bases) {
      if let index = indices[reading.withoutExtension] { return LabelSplit.Member(index) }
      guard let known = files[reading] else { continue }
      (file, stem) = (known, reading)
      break
    }
    images.append(LabelledImage(file: file))
    add(stem.withoutExtension, images.count - 1)
    return LabelSplit.Member(images.count - 1)
  }

  /// The images by what `part` says of their folders, in order. Those without labels become images of the set.
  mutating func members(_ part: ([Substring]) -> String?) -> [String: [LabelSplit.Member]] {
    addFiles { path in part(path.components.dropLast()) != nil }
    var members: [String: [LabelSplit.Member]] = [:]
    for index in stems.indices {
      guard let name = part(stems[index].components.dropLast()) else { continue }
      members[name, default: []].append(LabelSplit.Member(index))
    }
    return members
  }

  private mutating func addFiles(where isWanted: (String) -> Bool) {
    let wanted = files.filter { indices[$0.key.withoutExtension] == nil && isWanted($0.key) }
    for (path, file) in wanted.sorted(by: { $0.key.precedes($1.key) }) where indices[path.withoutExtension] == nil {
      images.append(LabelledImage(file: file))
      add(path.withoutExtension, images.count - 1)
    }
  }
}

extension String {
  /// What is between slashes, without what leads nowhere else.
  var components: [Substring] { split(separator: "/").filter { $0 != "." } }

  /// The paths that this one may mean: relative to each of some folders, then its end, ever shorter.
  func readings(_ bases: [[Substring]]) -> some Sequence<String> {
    let (components, own) = (components, components.normalized)
    let tails = own.indices.suffix(16)
    return (0..<bases.count + tails.count).lazy.map { index in
      let reading =
        index < bases.count
        ? (bases[index] + components).normalized[...] : own[tails[tails.startIndex + index - bases.count]...]
      return reading.joined(separator: "/")
    }
  }

  fileprivate func isIn(_ folders: Set<String>) -> Bool {
    var folder = self
    while let above = folder.parentPath {
      if folders.contains(above) { return true }
      folder = above
    }
    return folders.contains("")
  }
}

extension [Substring] {
  /// Without steps up. Those that lead above the first folder are ignored.
  fileprivate var normalized: [Substring] {
    reduce(into: []) { components, component in
      if component != ".." {
        components.append(component)
      } else if !components.isEmpty {
        components.removeLast()
      }
    }
  }

  /// Where the image of a label lies: in the folder that mirrors the innermost one called `labels`, or beside it.
  fileprivate var mirrored: [Substring] {
    var components = self
    if let index = dropLast().lastIndex(of: Substring(YOLOFiles.labelFolder)) {
      components[index] = Substring(YOLOFiles.imageFolder)
    }
    return components
  }
}

extension StringProtocol {
  var withoutOuterSpace: String {
    let end = reversed().prefix(while: \.isWhitespace).count
    return String(dropLast(end).drop(while: \.isWhitespace))
  }
}
