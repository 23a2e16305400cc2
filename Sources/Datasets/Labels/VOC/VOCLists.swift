internal import Imaging
internal import Platform
internal import SystemPackage

/// Reads the lists of images, such as `ImageSets/Main/train.txt`: a name on each line, and behind it in some lists a
/// number, which tells whether an object of a class is there.
struct VOCLists {
  static let folder = "ImageSets"
  /// The folder in it that is meant for detection.
  static let mainFolder = "Main"
  static let fileExtension = "txt"

  private static let byteLimit = 64 << 20
  /// A name has few words; more would make long lines slow.
  private static let wordLimit = 8

  /// Those that have annotations, and then those that only lists name.
  private(set) var images: [LabelledImage]
  private(set) var splits: [LabelSplit] = []
  private(set) var faults: [LabelFault] = []
  /// By the paths without the folders of annotations.
  private var byPath: [String: Int] = [:]
  /// By the last component; `nil` if several images have it.
  private var byName: [String: Int?] = [:]

  init(of images: [LabelledImage]) {
    self.images = images
    for index in images.indices {
      let path = images[index].stemPath.split(separator: "/").filter {
        !VOCLabels.annotationFolders.contains(String($0))
      }.joined(separator: "/")
      add(index, path)
    }
  }

  /// Reads the lists of a data set, or those beside its folder of annotations.
  mutating func read(_ place: LabelPlace) throws(LabelError) {
    let lists = List.inOrder(place.files)
    for list in lists { try read(list, list.file, of: place) }
    guard lists.isEmpty, let beside = Self.placeBeside(place) else { return }
    let way = "../\(Self.folder)/"
    for list in List.inOrder(beside.files.map { way + $0 }) {
      try read(list, String(list.file.dropFirst(way.count)), of: beside)
    }
  }

  /// The folder of lists, if the labels are a folder of annotations alone.
  private static func placeBeside(_ place: LabelPlace) -> LabelPlace? {
    guard !place.path.lowercased().hasSuffix(".\(VOCLabels.fileExtension)"), let folder = place.folder.path.resolved,
      VOCLabels.annotationFolders.contains(folder.text.lastPathComponent)
    else { return nil }
    return try? LabelPlace(folder.folder.appending(Self.folder).text)
  }

  private mutating func read(_ list: List, _ file: String, of place: LabelPlace) throws(LabelError) {
    do throws(LabelError) {
      var split = LabelSplit(list.name, file: list.file)
      for line in try place.text(file, limit: Self.byteLimit).split(whereSeparator: \.isNewline) {
        if let member = member(line, list.base) { split.members.append(member) }
      }
      splits.append(split)
    } catch {
      if error.isShortage { throw error }
      faults.append(LabelFault(error))
    }
  }

  /// - Parameter base: the folder of the data set, relative to the folder of the labels.
  private mutating func member(_ line: Substring, _ base: String) -> LabelSplit.Member? {
    let words = line.split { $0 == " " || $0 == "\t" }
    guard let first = words.first else { return nil }
    // Names may have blanks in them: the longest that is known.
    for count in stride(from: words.count, through: 1, by: -1).suffix(Self.wordLimit) {
      let name = line[first.startIndex..<words[count - 1].endIndex]
      if let index = find(name.replacing("\\", with: "/"), base) {
        return LabelSplit.Member(index, remark: words[count...].joined(separator: " "))
      }
    }
    return LabelSplit.Member(
      addListed(first.replacing("\\", with: "/"), base), remark: words.dropFirst().joined(separator: " "))
  }

  private mutating func addListed(_ name: Substring, _ base: String) -> Int {
    var image = LabelledImage(stemPath: Self.path("\(VOCLabels.imageFolders[0])/\(name)", in: base))
    image.isListedOnly = true
    images.append(image)
    add(images.count - 1, Self.path(String(name), in: base))
    return images.count - 1
  }

  private mutating func add(_ index: Int, _ path: String) {
    if byPath.updateValue(index, forKey: path) != nil { return }
    let name = path.lastPathComponent
    byName.updateValue(byName.keys.contains(name) ? nil : index, forKey: name)
  }

  /// The image of this name; some tools write whole paths of image files.
  private func find(_ name: Substring, _ base: String) -> Int? {
    for name in [String(name), String(name).withoutImageExtension] {
      if let index = byPath[Self.path(name, in: base)] { return index }
      guard let index = byName[name.lastPathComponent] ?? nil else { continue }
      if base.isEmpty || images[index].stemPath.hasPrefix("\(base)/") { return index }
    }
    return nil
  }

  private static func path(_ path: String, in base: String) -> String { base.isEmpty ? path : "\(base)/\(path)" }
}

extension String {
  /// The path without an extension that is one of images: other dots belong to names.
  fileprivate var withoutImageExtension: String {
    let stem = withoutExtension
    return ImageFormat(fileExtension: String(dropFirst(stem.count + 1))) == nil ? self : stem
  }
}

extension VOCLists {
  /// The file of a list.
  private struct List {
    /// Relative to the folder of the labels.
    let file: String
    /// The folder that `ImageSets` lies in.
    let base: String
    /// The folder in `ImageSets`.
    let folder: String
    private(set) var name: String

    /// `nil` if the file is none.
    init?(_ file: String) {
      let components = file.split(separator: "/")
      guard file.lowercased().hasSuffix(".\(fileExtension)"), !file.lastPathComponent.lowercased().hasPrefix("readme"),
        let index = components.dropLast().lastIndex(of: Substring(VOCLists.folder))
      else { return nil }
      self.file = file
      base = components[..<index].filter { $0 != ".." }.joined(separator: "/")
      folder = components[(index + 1)...].dropLast().joined(separator: "/")
      name = file.lastPathComponent.withoutExtension
    }

    /// The lists among files, with a folder in the names of those that would have the name of an earlier one: lists of
    /// `Main` come first, because they are those for detection.
    static func inOrder(_ files: [String]) -> [List] {
      let lists = files.compactMap { List($0) }
      let (main, others) = (lists.filter { $0.folder == mainFolder }, lists.filter { $0.folder != mainFolder })
      let (direct, deep) = (others.filter(\.folder.isEmpty), others.filter { !$0.folder.isEmpty })
      var names: Set<[String]> = []
      return (main + direct + deep).map { list in
        var list = list
        if !names.insert([list.base, list.name]).inserted { list.name = "\(list.folder)/\(list.name)" }
        return list
      }
    }
  }
}
