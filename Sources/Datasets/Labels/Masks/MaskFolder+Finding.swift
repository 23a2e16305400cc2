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
  package static func all(in listing: FolderListing) throws(FileError) -> [MaskFolder] {
    let folder = listing.input.folder
    // Most files lie in the folder of another.
    var names: [String: String?] = [:]
    let named = Dictionary(grouping: try listing.files(withExtensions: extensions)) { file -> String? in
      guard let place = file.parentPath else { return nil }
      if let name = names[place] { return name }
      let name = maskFolder(at: place) { place in folder.holds(FilePath(text: place)) }
      names[place] = .some(name)
      return name
    }
    return named.sorted { $0.key ?? "" < $1.key ?? "" }.compactMap { name, files in
      name.map { MaskFolder($0, listing.input.path, place: "", folder, files) }
    }
  }

  /// The name of the first folder on the way to a place, and of that itself, that holds masks.
  /// - Parameter holds: whether there is such a folder.
  private static func maskFolder(at place: String, holds: (String) -> Bool) -> String? {
    let components = place.split(separator: "/").map(String.init)
    for (index, name) in components.enumerated() {
      guard let images = sides[name] else { continue }
      if holds((components[..<index] + [images]).joined(separator: "/")) { return name }
    }
    return nil
  }
}
