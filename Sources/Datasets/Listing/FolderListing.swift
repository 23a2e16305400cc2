internal import Imaging
package import Platform
internal import SystemPackage

/// The contents of an input folder, sorted by the bytes of the relative paths.
///
/// A file is an image if its first bytes say so, whatever its name. Problems are: images of unsupported formats, files
/// that are named like an image and are none, and everything that cannot be examined. All other files and hidden
/// entries are skipped.
package struct FolderListing: Sendable {
  /// Why an entry was skipped.
  package enum PassedOver: String, CaseIterable, Sendable {
    /// Its name begins with a dot.
    case hidden
    /// A file that is neither an image nor named like one, such as a label file.
    case notImages
    /// The mask of an image, which follows it.
    case masks
    /// A link to a folder, when those are not followed.
    case linkedFolders
    /// A link to nothing, or to itself.
    case brokenLinks
    /// A device, FIFO or socket.
    case specialFiles
  }

  /// The folder that the paths are relative to.
  package let input: InputFolder
  /// Whether a folder was listed, not a single file.
  package let isOfFolder: Bool
  /// Images to work on.
  package private(set) var images: [InputImage] = []
  /// Files and folders that should be processed but cannot be.
  package private(set) var problems: [FileProblem] = []
  /// Skipped files that are named like labels; `nil` if the images were known and nothing was listed.
  private var labelFiles: [String]? = []
  /// Number of skipped entries by reason.
  package private(set) var passedOver: [PassedOver: Int] = [:]

  private var links = LinkTargets()
  private let followsLinks: Bool
  /// Images that an earlier listing has looked into, by their paths.
  private var known: [String: InputImage] = [:]
  private var pending: [Place] = []

  /// Lists a folder recursively, or a single file.
  /// - Parameters:
  ///   - followsLinks: whether to follow links to folders. Links to files are always followed.
  ///   - earlier: images of an earlier listing. Those that have not changed since are not opened again.
  package init(_ path: String, followsLinks: Bool = false, knowing earlier: [InputImage] = []) throws(FileError) {
    self.followsLinks = followsLinks
    known = Dictionary(earlier.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    let file = FilePath(text: path)
    if try Folder.working.status(of: file).type == .directory {
      (input, isOfFolder) = (InputFolder(path, try Folder(file)), true)
      try list(Place(path: "", above: []))
      while let place = pending.popLast() { listOrTell(place) }
    } else {
      let parent = file.folder.isEmpty ? "." : file.folder
      (input, isOfFolder) = (InputFolder(parent.text, try Folder(parent)), false)
      if let name = file.lastComponent {
        look(at: FilePath(root: nil, [name]), in: input.folder, Place(path: "", above: []))
      }
    }
    images.sort { $0.path.precedes($1.path) }
    problems.sort { $0.path.precedes($1.path) }
    known = [:]
  }

  /// A listing of images that are already known and sorted by path, of a folder that need not be there.
  package init(folder: String, images: [InputImage]) {
    self.init(InputFolder(folder, .working), images: images)
    labelFiles = []
  }

  /// As above, of an open folder.
  package init(_ input: InputFolder, images: [InputImage]) {
    (self.input, self.images, followsLinks, isOfFolder, labelFiles) = (input, images, false, true, nil)
  }

  /// The listing without masks, and the problems that they have, and without label files, which are not passed over.
  func leavingOut(labelFiles labelFileCount: Int, images isMask: (_ path: String) -> Bool) -> FolderListing {
    var listing = self
    listing.images.removeAll { isMask($0.path) }
    listing.problems.removeAll { isMask($0.path) }
    let maskCount = images.count - listing.images.count
    if maskCount > 0 { listing.passedOver[.masks] = maskCount }
    let otherCount = passedOver[.notImages, default: 0] - labelFileCount
    listing.passedOver[.notImages] = otherCount > 0 ? otherCount : nil
    return listing
  }

  /// All files with one of these extensions of images or labels, sorted by their bytes. They need not be what they are
  /// named. A folder that was listed is not listed again.
  func files(withExtensions extensions: Set<String>) throws(FileError) -> [String] {
    guard let labelFiles else { return try input.folder.files(withExtensions: extensions) }
    let files = images.map(\.path) + problems.map(\.path) + labelFiles
    return files.filter { $0.hasExtension(of: extensions) }.sorted { $0.precedes($1) }
  }

  /// Whether one of some images, which are already known, is there. Of many, not all are looked for.
  package var holdsAny: Bool {
    let step = max(1, images.count / 100)
    return images.isEmpty
      || stride(from: 0, to: images.count, by: step).contains { input.folder.holds(FilePath(text: images[$0].path)) }
  }

  /// Finds the links among images that are already known, and among the folders that lead to them.
  package mutating func findLinks() {
    var folders: Set<String> = []
    for image in images {
      let path = FilePath(text: image.path)
      links.add(ifLink: path, in: input.folder)
      var folder = path.folder
      while !folder.isEmpty, folders.insert(folder.text).inserted {
        links.add(ifLink: folder, in: input.folder, isFolder: true)
        folder = folder.folder
      }
    }
  }

  /// The folders that followed links lead to: absolute paths.
  package var linkTargets: [String] { links.folders.sorted() }

  /// Number of skipped entries that are not hidden.
  package var ignoredCount: Int { passedOver.reduce(0) { $0 + ($1.key == .hidden || $1.key == .masks ? 0 : $1.value) } }
}

// Folders wait in a list and are opened one at a time, so depth costs neither descriptors nor stack.
extension FolderListing {
  /// A folder to list, or a link that may lead to one.
  private struct Place {
    /// Path relative to the input.
    var path: FilePath
    /// The folders that contain it, links followed; they reveal cycles.
    var above: [FileIdentity]
  }

  private mutating func listOrTell(_ place: Place) {
    do throws(FileError) {
      try list(place)
    } catch {
      tell(place.path, error)
    }
  }

  private mutating func list(_ place: Place) throws(FileError) {
    let folder = place.path.isEmpty ? input.folder : try Folder(place.path, in: input.folder)
    let names = try folder.names()
    var inner = place
    if let identity = folder.identity { inner.above.append(identity) }
    for name in names {
      if name.isHidden {
        passedOver[.hidden, default: 0] += 1
      } else {
        look(at: name, in: folder, inner)
      }
    }
  }

  private mutating func look(at name: FilePath, in folder: Folder, _ place: Place) {
    let path = place.path.pushing(name)
    do throws(FileError) {
      let status = try folder.status(of: name, followsLinks: false)
      switch status.type {
      case .directory: pending.append(Place(path: path, above: place.above))
      case .symbolicLink: try lookThroughLink(name, in: folder, Place(path: path, above: place.above))
      case .regular: try classify(name, in: folder, path, FileStamp(status))
      default: pass(over: path, .specialFiles, FileError(.open, path, .notRegular))
      }
    } catch {
      tell(path, error)
    }
  }

  private mutating func lookThroughLink(_ name: FilePath, in folder: Folder, _ place: Place) throws(FileError) {
    let status: Stat
    do throws(FileError) {
      status = try folder.status(of: name)
    } catch {
      guard error.errno == .noSuchFileOrDirectory || error.errno == .tooManySymbolicLinkLevels else { throw error }
      return pass(over: place.path, .brokenLinks, error)
    }
    switch status.type {
    case .regular:
      links.add(place.path, in: input.folder)
      try classify(name, in: folder, place.path, FileStamp(status))
    case .directory where place.above.contains(FileIdentity(status)) && followsLinks:
      problems.append(FileProblem(path: place.path.text, reason: "leads back to a folder that it lies in"))
    case .directory where followsLinks:
      links.add(place.path, in: input.folder, isFolder: true)
      pending.append(place)
    case .directory: pass(over: place.path, .linkedFolders, FileError(.open, place.path, .notRegular))
    default: pass(over: place.path, .specialFiles, FileError(.open, place.path, .notRegular))
    }
  }

  private mutating func classify(
    _ name: FilePath, in folder: Folder, _ path: FilePath, _ stamp: FileStamp
  ) throws(FileError) {
    let text = path.text
    // Compared as an image, too: `String` treats two encodings of é as equal.
    if let image = known[text], image.stamp == stamp, text.utf8.elementsEqual(image.path.utf8) {
      return images.append(image)
    }
    let kind = FileKind(try File.head(name, in: folder, count: FileKind.headCount))
    if let format = kind.format {
      images.append(InputImage(path: text, format: format, stamp: stamp))
    } else if kind.isImage || path.isNamedLikeAnImage {
      let error = stamp.byteCount == 0 ? ImagingError.empty : .unsupported(kind.name)
      problems.append(FileProblem(path: text, reason: error.description))
    } else {
      passedOver[.notImages, default: 0] += 1
      if text.hasExtension(of: LabelPlace.extensions) { labelFiles?.append(text) }
    }
  }

  /// Counts an entry that is not a file to work on, unless its name says that it should be an image.
  private mutating func pass(over path: FilePath, _ reason: PassedOver, _ error: FileError) {
    if path.isNamedLikeAnImage {
      problems.append(FileProblem(path: path.text, reason: error.reason))
    } else {
      passedOver[reason, default: 0] += 1
    }
  }

  /// Records an entry that cannot be examined, because it may be an image, unless it was removed after its folder was
  /// listed.
  private mutating func tell(_ path: FilePath, _ error: FileError) {
    if error.errno == .noSuchFileOrDirectory { return }
    problems.append(FileProblem(path: path.text, reason: error.reason))
  }
}

extension FilePath {
  /// Whether the name, which is all of it, begins with a dot.
  var isHidden: Bool { unsafe withPlatformString { unsafe $0.pointee == CChar(bitPattern: UInt8(ascii: ".")) } }

  /// Of all formats, also of those that cannot be read.
  static let imageExtensions = Set(
    ImageFormat.allCases.flatMap(\.fileExtensions) + ["avif", "heic", "heif", "jp2", "jxl"])

  var isNamedLikeAnImage: Bool { String(decoding: name, as: UTF8.self).hasExtension(of: Self.imageExtensions) }
}

extension String {
  /// Byte order, which is the same everywhere; the order of `String` depends on the version of Unicode.
  func precedes(_ other: String) -> Bool {
    let (left, right) = (utf8Span.span, other.utf8Span.span)
    for index in 0..<min(left.count, right.count) where left[index] != right[index] {
      return left[index] < right[index]
    }
    return left.count < right.count
  }

  /// Everything before the last slash; `nil` if there is none or nothing before it.
  package var parentPath: String? {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")), slash > startIndex else { return nil }
    return String(self[..<slash])
  }

  /// Everything after the last slash.
  package var lastPathComponent: String {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return self }
    return String(self[utf8.index(after: slash)...])
  }
}
