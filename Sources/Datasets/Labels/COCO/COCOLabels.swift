internal import Platform
internal import SystemPackage

/// COCO: one JSON file for all images or for each part of the set, with a box, and mostly an outline, for each object.
package enum COCOLabels: LabelFormat {
  package static let name = "COCO"
  package static let word = "coco"

  /// The largest file of COCO itself has 448 MiB.
  private static let byteLimit = 1 << 31
  /// Other formats have a JSON file for each image; of more files than this only those are looked into whose name is
  /// one of COCO's.
  private static let probedCount = 100

  package static func recognizes(_ place: LabelPlace) -> Bool { !files(of: place).isEmpty }

  package static func read(_ place: LabelPlace, _ options: LabelOptions) throws(LabelError) -> LabelSet {
    let files = files(of: place)
    var assembly = COCOAssembly()
    var splitNames: Set<String> = []
    for file in files {
      let content = try content(file, place)
      let layout = COCOLayout(file: file)
      var split = LabelSplit((files.count > 1 ? layout.splitOfSeveral : layout.split) ?? "", file: file)
      // Of several files for the same part, the later ones are parts of their own.
      if !splitNames.insert(split.name).inserted { split.name = file.withoutExtension }
      split.imageFolder = imageFolder(of: content, layout, place)
      assembly.add(content, split)
    }
    return assembly.set()
  }

  package static func imageFolder(of split: String?) -> String { split.map { "images/\($0)" } ?? "images" }

  package static func writer(_ plan: LabelWriterPlan) -> any LabelWriter { COCOWriter(plan) }
}

extension COCOLabels {
  /// The best of the files that hold objects: COCO's own data set also has captions and points for the same images.
  private static func files(of place: LabelPlace) -> [String] {
    let layouts = place.files.filter { $0.lowercased().hasSuffix(".json") }.map { COCOLayout(file: $0) }
    if place.isFile { return layouts.map(\.file) }
    let mayProbe = layouts.count <= probedCount
    let usable = layouts.filter { layout in
      layout.isNamedLikeCOCO
        || mayProbe && COCOProbe.recognizes(place.head(layout.file, count: COCOProbe.byteCount))
    }
    let best = usable.map(\.rank).min()
    return usable.filter { $0.rank == best }.map(\.file)
  }

  private static func content(_ file: String, _ place: LabelPlace) throws(LabelError) -> COCOContent {
    let path = place.displayPath(file)
    let source: RegularFile
    do throws(FileError) {
      source = try RegularFile(FilePath(text: file), in: place.folder)
    } catch {
      throw LabelError(.unusable(error), in: path)
    }
    guard source.byteCount <= byteLimit else { throw LabelError(.tooLarge(byteLimit: byteLimit), in: path) }
    return try COCOReader.read(.file(source), file: path)
  }

  /// Where the images of a file lie, by the first that can be found.
  private static func imageFolder(of content: COCOContent, _ layout: COCOLayout, _ place: LabelPlace) -> String {
    let folders = layout.imageFolders
    for picture in content.pictures.prefix(3) {
      let path = picture.image.path
      if path.hasPrefix("/") || path.split(separator: "/").contains("..") { continue }
      let found = folders.first { place.folder.holds(FilePath(text: $0 + path)) }
      if let found { return found }
    }
    return layout.assumedImageFolder
  }
}
