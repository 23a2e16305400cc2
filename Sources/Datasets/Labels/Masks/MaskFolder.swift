package import Imaging
package import Platform
internal import SystemPackage

/// Mask images in a folder, and the image that each belongs to.
///
/// A mask is named like its image, and lies where the image does: in a tree of folders that is the same, except that
/// images and masks may each have a folder of their own, such as `images` and `masks`.
package struct MaskFolder: Sendable {
  /// What the masks are called: the name of their folder.
  package let name: String
  /// As the user would name it.
  package let path: String
  /// Where the folder lies in the input, and its masks in the output; `nil` if it lies elsewhere.
  private let place: String?
  package let folder: Folder
  /// Relative to the folder. PNG files come before others of the same name, which only an error will tell of.
  private let files: [String]
  private let members: Set<String>
  /// Indices of `files`, by their paths without extensions and, for those behind, without the folders that differ.
  private var byStem: [String: Int] = [:]
  private var byMirror: [[Substring]: Int] = [:]

  /// - Parameter files: of images, relative to `folder`.
  init(_ name: String, _ path: String, place: String?, _ folder: Folder, _ files: [String]) {
    (self.name, self.path, self.place, self.folder) = (name, path, place, folder)
    self.files = files.filter(\.isNamedPNG) + files.filter { !$0.isNamedPNG }
    members = Set(files)
    for (index, file) in self.files.enumerated() {
      byStem[file.withoutExtension] = byStem[file.withoutExtension] ?? index
      for path in [file, file.inFolder(place ?? "")] {
        byMirror[path.mirroredStem] = byMirror[path.mirroredStem] ?? index
      }
    }
  }

  /// Where the mask of an image lies, relative to the folder; `nil` if it has none.
  /// - Parameter image: relative to the input.
  package func mask(of image: String) -> String? {
    guard let index = byStem[image.withoutExtension] ?? byMirror[image.mirroredStem] else { return nil }
    let isItself = place.map { files[index].inFolder($0) } == image
    return isItself ? nil : files[index]
  }

  package var count: Int { files.count }

  /// The folders that masks lead to which are links: absolute paths. Those of a folder in the input are known to its
  /// listing.
  package var linkTargets: [String] {
    guard place == nil else { return [] }
    var targets = LinkTargets()
    for file in files { targets.add(ifLink: FilePath(text: file), in: folder) }
    return targets.folders.sorted()
  }

  /// Whether an image of the input is one of the masks.
  package func holds(_ image: String) -> Bool {
    guard let place, place.isEmpty || image.hasPrefix("\(place)/") else { return false }
    return members.contains(place.isEmpty ? image : String(image.dropFirst(place.count + 1)))
  }

  /// Where the moved mask lies in the output: in the folder that it had, named like the output image.
  /// - Parameter output: the image, relative to the output.
  package func outputPath(of mask: String, for output: String) -> String {
    let file = "\(output.lastPathComponent.withoutExtension).png"
    return file.inFolder(mask.parentPath ?? "").inFolder(place ?? name)
  }

  /// Reads the file of a mask.
  package func read(_ mask: String, maxPixels: Int) throws(MaskError) -> [UInt8] {
    do throws(FileError) {
      return try File.read(FilePath(text: mask), in: folder, limit: ImageFile.byteLimit(maxPixels))
    } catch {
      throw MaskError(.unusable(error), in: mask.inFolder(path))
    }
  }

  /// Reads and decodes a mask.
  /// - Parameter size: of its image, upright.
  package func load(
    _ mask: String, for size: ImageSize, with decoder: inout MaskDecoder, into image: inout MaskImage
  ) throws(MaskError) -> DecodeOutcome {
    let display = mask.inFolder(path)
    let bytes = try read(mask, maxPixels: decoder.maxPixels)
    // Before decoding, which takes memory for as many pixels as the mask has.
    let found = try Self.located(display) { () throws(ImagingError) in try decoder.size(of: bytes) }
    guard found == size else { throw MaskError(.otherSize(found, image: size), in: display) }
    return try Self.located(display) { () throws(ImagingError) in try decoder.decode(bytes, into: &image) }
  }

  private static func located<Value>(
    _ file: String, _ body: () throws(ImagingError) -> Value
  ) throws(MaskError) -> Value {
    do throws(ImagingError) {
      return try body()
    } catch {
      throw MaskError(.undecodable(error), in: file)
    }
  }
}

extension String {
  /// The path of a file in a folder; the empty folder is the one that paths are relative to.
  func inFolder(_ folder: String) -> String {
    folder.isEmpty ? self : folder.hasSuffix("/") ? folder + self : "\(folder)/\(self)"
  }

  fileprivate var isNamedPNG: Bool { lowercased().hasSuffix(".png") }

  /// The components of the path without extension, without those that differ between images and masks.
  fileprivate var mirroredStem: [Substring] {
    let sides: Set<Substring> = [".", "images", "JPEGImages", "masks", "SegmentationClass", "SegmentationObject"]
    return withoutExtension.split(separator: "/").filter { !sides.contains($0) }
  }
}
