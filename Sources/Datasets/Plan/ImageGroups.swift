package import Imaging
package import Platform
internal import SystemPackage

/// Which images belong together, such as the two of a stereo camera, an image and its depth, or the frames of a clip. A
/// group gets the same draws.
package enum ImageGroups: Codable, Hashable, Sendable {
  /// Images of one name without its extension, in any folder: left/0001.png and right/0001.png.
  case stem
  /// Images of one folder: the frames of clip01.
  case folder
  /// As a file lists them, sorted by path; images that it does not list are alone.
  case listed([Member])

  package struct Member: Codable, Hashable, Sendable {
    /// Relative to the input.
    package var path: String
    package var group: String
  }

  /// The group of an image; `nil` if it is alone.
  package func group(of image: InputImage) -> String? {
    switch self {
    case .stem: image.stemAndExtension.stem
    case .folder: image.path.parentPath ?? ""
    case .listed(let members): Self.member(image.path, of: members)?.group
    }
  }

  private static func member(_ path: String, of members: [Member]) -> Member? {
    var (low, high) = (0, members.count)
    while low < high {
      let middle = (low + high) / 2
      if members[middle].path.precedes(path) { low = middle + 1 } else { high = middle }
    }
    return low < members.count && members[low].path == path ? members[low] : nil
  }

  /// Checks that the images of each group have one size: a crop drawn for one size means nothing in another.
  package func check(_ listing: FolderListing) throws(GroupError) {
    if case .listed(let members) = self {
      let paths = Set(listing.images.map(\.path))
      if let stray = members.first(where: { !paths.contains($0.path) }) { throw .unknownImage(path: stray.path) }
    }
    for (group, images) in Dictionary(grouping: listing.images, by: { group(of: $0) }) {
      guard group != nil, images.count > 1 else { continue }
      // What cannot be read fails by itself.
      let sized = images.compactMap { image in listing.size(of: image).map { (image.path, $0) } }
      guard let first = sized.first, let other = sized.first(where: { $0.1 != first.1 }) else { continue }
      throw .differentSizes(first: first.0, first.1, other: other.0, other.1)
    }
  }
}

/// Why images cannot be grouped: a sentence.
package enum GroupError: Error, Hashable, CustomStringConvertible {
  case unreadable(FileError)
  case notText(path: String)
  case notPair(path: String, line: Int)
  case twice(path: String, line: Int, image: String)
  case empty(path: String)
  case unknownImage(path: String)
  case differentSizes(first: String, ImageSize, other: String, ImageSize)

  package var description: String {
    switch self {
    case .unreadable(let error): error.description
    case .notText(let path): "\(path): is not a text file of paths and groups"
    case .notPair(let path, let line): "\(path):\(line): is not a path and a group"
    case .twice(let path, let line, let image): "\(path):\(line): lists \(quoted(image)) for the second time"
    case .empty(let path): "\(path): lists no images"
    case .unknownImage(let path): "there is no image \(quoted(path)), which the groups name"
    case .differentSizes(let first, let size, let other, let otherSize):
      "\(first) has \(size) pixels and \(other) of the same group \(otherSize); the images of a group get the same "
        + "draws, so they must have one size"
    }
  }
}

extension ImageGroups {
  /// 100 MB of paths: anything larger is a wrong file.
  private static let largestByteCount = 100_000_000

  /// Reads a table of two columns, path and group, with tabs or commas between them; a first line "path,group" is its
  /// head. A cell in quotation marks may hold commas.
  package init(file path: String) throws(GroupError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try File.readToEnd(FilePath(text: path), limit: Self.largestByteCount)
    } catch {
      throw .unreadable(error)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText(path: path) }
    self = .listed(try Self.members(in: text, of: path))
  }

  private static func members(in text: String, of file: String) throws(GroupError) -> [Member] {
    var members: [Member] = []
    var known: Set<String> = []
    // A carriage return and a line feed are one character.
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      guard !line.isEmpty else { continue }
      let cells = cells(of: line)
      guard cells.count == 2, !cells[0].isEmpty else { throw .notPair(path: file, line: index + 1) }
      if index == 0, cells == ["path", "group"] { continue }
      guard known.insert(cells[0]).inserted else { throw .twice(path: file, line: index + 1, image: cells[0]) }
      members.append(Member(path: cells[0], group: cells[1]))
    }
    guard !members.isEmpty else { throw .empty(path: file) }
    return members.sorted { $0.path.precedes($1.path) }
  }

  private static func cells(of line: Substring) -> [String] {
    let separator: Character = line.contains("\t") ? "\t" : ","
    var (cells, isQuoted) = ([""], false)
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case separator where !isQuoted: cells.append("")
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells
  }
}
