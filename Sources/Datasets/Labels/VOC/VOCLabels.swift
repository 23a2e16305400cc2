internal import Imaging
internal import Platform
internal import SystemPackage

/// Pascal VOC: an XML file for each image, with a box for each object, and lists of images.
package enum VOCLabels: LabelFormat {
  package static let name = "Pascal VOC"
  package static let word = "voc"

  static let fileExtension = "xml"
  /// Where annotations and images lie in a data set, and in what else tools put them.
  static let annotationFolders = ["Annotations", "annotations"]
  static let imageFolders = ["JPEGImages", "images"]

  /// Thousands of times the size of the labels of a crowded image.
  private static let byteLimit = 64 << 20

  package static func recognizes(_ place: LabelPlace) -> Bool {
    // Other .xml files may lie among annotations, and some annotations may be broken.
    files(of: place).prefix(8).contains { isAnnotation($0, of: place) }
  }

  package static func read(_ place: LabelPlace, _ options: LabelOptions) throws(LabelError) -> LabelSet {
    var images: [LabelledImage] = []
    for file in files(of: place) { images.append(try read(file, of: place, options)) }
    var lists = VOCLists(of: images)
    try lists.read(place)
    var set = LabelSet(lists.images)
    (set.splits, set.faults) = (lists.splits, lists.faults)
    return set
  }

  package static func imageFolder(of split: String?) -> String { imageFolders[0] }

  package static func writer(_ plan: LabelWriterPlan) -> any LabelWriter { VOCWriter(plan) }

  /// The files that may be annotations; those in folders of annotations only, if there are such folders.
  private static func files(of place: LabelPlace) -> [String] {
    let files = place.files.filter { $0.lowercased().hasSuffix(".\(fileExtension)") }
    let preferred = files.filter { file in
      file.split(separator: "/").dropLast().contains { annotationFolders.contains(String($0)) }
    }
    return preferred.isEmpty ? files : preferred
  }

  /// Whether `<annotation` stands in the first bytes, also in encodings that put zeros between letters.
  private static func isAnnotation(_ file: String, of place: LabelPlace) -> Bool {
    let text = String(decoding: place.head(file).filter { $0 != 0 }, as: UTF8.self)
    return text.ranges(of: "<annotation").contains { tag in
      text[tag.upperBound...].first.map { $0.isWhitespace || $0 == ">" || $0 == "/" } ?? false
    }
  }

  /// Reads an annotation. One that cannot be used is a fault of its image.
  /// - Throws: if the machine is short of something, so that a file that is whole would look broken.
  private static func read(
    _ file: String, of place: LabelPlace, _ options: LabelOptions
  ) throws(LabelError) -> LabelledImage {
    do throws(LabelError) {
      return try VOCAnnotation.read(try place.read(file, limit: byteLimit), file, of: place, options)
    } catch {
      if error.isShortage { throw error }
      var image = LabelledImage(stemPath: file.withoutExtension)
      image.labelFile = file
      image.faults = [LabelFault(error, isOfWholeImage: true)]
      return image
    }
  }
}
