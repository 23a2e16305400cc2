internal import Imaging
package import Platform
internal import SystemPackage

extension MaskFolder {
  /// The extensions of files that are taken for masks.
  private static let extensions: Set = ["png", "jpg", "jpeg", "bmp", "gif", "tif", "tiff", "webp"]

  /// A folder of masks that the user names.
  /// - Parameter input: where the images are.
  package init(reading path: String, for input: String) throws(FileError) {
    let file = FilePath(text: path).lexicallyNormalized()
    let folder = try Folder(file)
    let place = (try? Folder(FilePath(text: input))).flatMap { Self.place(of: file, in: $0) }
    let name = file.lastComponent.flatMap { $0.kind == .regular ? FilePath(root: nil, [$0]).text : nil } ?? "masks"
    // Where images and masks lie in one folder, the extension tells them apart.
    let extensions = place == "" ? ["png"] : Self.extensions
    self.init(name, path, place: place, folder, try folder.files(withExtensions: extensions))
  }

  /// Where a folder lies in another; `nil` if it does not.
  private static func place(of path: FilePath, in outer: Folder) -> String? {
    guard let identity = outer.identity else { return nil }
    var (upper, inner): (FilePath, [FilePath.Component]) = (path, [])
    while true {
      if (try? Folder(upper.isEmpty ? "." : upper))?.identity == identity { return FilePath(root: nil, inner).text }
      guard let last = upper.lastComponent, last.kind == .regular else { return nil }
      inner.insert(last, at: 0)
      upper.removeLastComponent()
    }
  }

  /// The folders of images that data sets have, by the folders of masks beside them.
  private static let sides = [
    "SegmentationClass": "JPEGImages", "SegmentationObject": "JPEGImages", "masks": "images",
  ]

  /// The masks in a data set, by its own layout: one for each name of a folder, sorted by name.
  package static func all(in input: String) throws(FileError) -> [MaskFolder] {
    let path = FilePath(text: input)
    guard try Folder.working.status(of: path).type == .directory else { return [] }
    let folder = try Folder(path)
    var isMaskFolder: [String: Bool] = [:]
    let named = Dictionary(grouping: try folder.files(withExtensions: extensions)) { file -> String? in
      maskFolder(of: file) { place, images in
        let sibling = images.inFolder(place.parentPath ?? "")
        let isOne = isMaskFolder[place] ?? folder.holds(FilePath(text: sibling))
        isMaskFolder[place] = isOne
        return isOne
      }
    }
    return named.sorted { $0.key ?? "" < $1.key ?? "" }.compactMap { name, files in
      name.map { MaskFolder($0, input, place: "", folder, files) }
    }
  }

  /// The name of the first folder on the way to a file that holds masks.
  /// - Parameter isBeside: whether a folder has one of this name beside it.
  private static func maskFolder(of file: String, isBeside: (_ place: String, _ images: String) -> Bool) -> String? {
    let components = file.split(separator: "/").map(String.init)
    for (index, name) in components.dropLast().enumerated() {
      guard let images = sides[name] else { continue }
      if isBeside(components[...index].joined(separator: "/"), images) { return name }
    }
    return nil
  }
}
