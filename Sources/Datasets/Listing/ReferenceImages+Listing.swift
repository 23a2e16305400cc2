package import Imaging
package import Platform
internal import SystemPackage

/// Why reference images cannot be used: a sentence without the option that names them.
package enum ReferenceError: Error, CustomStringConvertible {
  case unreadable(path: String, FileError)
  case noImages(path: String)
  case tooMany(path: String)

  package var description: String {
    switch self {
    case .unreadable(let path, let error): "\(path): \(error.reason)"
    case .noImages(let path): "\(path): there are no images that can be read"
    case .tooMany(let path): "\(path): more than \(ReferenceImages.limit) images"
    }
  }
}

extension ReferenceImages {
  /// Bytes read for a header; enough except with very large colour profiles.
  fileprivate static let headByteCount = 262_144

  /// The images of a folder and those below it, in the order of their paths. Masks and what cannot be read are left out.
  package init(folder path: String) throws(ReferenceError) {
    let listing = try Self.listing(path)
    let images = Self.images(of: listing)
    guard !images.isEmpty, let folder = listing.realPath else { throw .noImages(path: path) }
    guard images.count <= Self.limit else { throw .tooMany(path: path) }
    self.init(folder: folder.text, images: images)
  }

  /// The images of files and folders that a pipeline file names, in this order.
  package init(names: [String]) throws(ReferenceError) {
    var all: [ReferenceImage] = []
    for name in names {
      let listing = try Self.listing(name)
      let images = Self.images(of: listing)
      guard !images.isEmpty, let folder = listing.realPath else { throw .noImages(path: name) }
      all += images.map { ReferenceImage(path: folder.pushing(FilePath(text: $0.path)).text, size: $0.size) }
      guard all.count <= Self.limit else { throw .tooMany(path: name) }
    }
    self.init(names: names, folder: "/", images: all)
  }

  /// The folders that reading the images needs: absolute paths.
  package var folders: [String] {
    var targets = LinkTargets()
    var folders: Set<String> = []
    for image in images {
      let path = FilePath(text: image.path)
      targets.add(ifLink: FilePath(text: folder).pushing(path), in: .working)
      // Without a folder of their own, the paths are absolute.
      if folder == "/" { folders.insert(FilePath(text: "/").pushing(path).folder.text) }
    }
    return (folders.isEmpty ? [folder] : folders.sorted()) + targets.folders.sorted()
  }

  private static func listing(_ path: String) throws(ReferenceError) -> FolderListing {
    do throws(FileError) {
      return try FolderListing(path)
    } catch {
      throw .unreadable(path: path, error)
    }
  }

  private static func images(of listing: FolderListing) -> [ReferenceImage] {
    let masks = listing.isOfFolder ? (try? MaskFolder.all(in: listing)) ?? [] : []
    return listing.images.compactMap { image in
      guard !masks.contains(where: { $0.holds(image.path) }), let size = listing.size(of: image) else { return nil }
      return ReferenceImage(path: image.path, size: size)
    }
  }
}

extension FolderListing {
  /// The folder of the images without links; `nil` if it is gone.
  var realPath: FilePath? { FilePath(text: input.path).resolved }

  /// The size of an image, upright, as its header tells; `nil` if it cannot be read.
  func size(of image: InputImage) -> ImageSize? {
    guard let head = try? input.head(image.path, count: ReferenceImages.headByteCount) else { return nil }
    return unsafe (try? ImageDecoder().header(of: head.span.bytes))?.uprightSize
  }
}
