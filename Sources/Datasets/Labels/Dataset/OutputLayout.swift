/// Where the outputs of a labelled input lie: as in the input, or as a data set of another format has them.
package struct OutputLayout: Sendable {
  /// `nil`: as in the input.
  private let format: (any LabelFormat.Type)?
  /// Names of the splits whose folder an image is moved to; by image.
  private let splitNames: [String?]
  /// Whether formats that keep all images in one folder need one for each split, because names occur in several.
  private let dividesFolders: Bool

  /// The tree of the input.
  package static let mirrored = OutputLayout()

  private init() { (format, splitNames, dividesFolders) = (nil, [], false) }

  /// The tree of a new data set.
  /// - Parameter splits: the one of each image of the listing; `nil` if it is in none.
  init(_ format: any LabelFormat.Type, _ images: [InputImage], splits: [String?]) {
    var places: Set<String> = []
    let names = zip(images, splits).map { "\(format.imageFolder(of: $1))/\(Self.inner($0.path, $1))" }
    dividesFolders = !names.allSatisfy { places.insert($0).inserted }
    (self.format, splitNames) = (format, splits)
  }

  /// The path of an output whose path would be `path` in the tree of the input.
  func path(of path: String, imageIndex: Int) -> String {
    guard let format else { return path }
    let split = splitNames[imageIndex]
    var folder = format.imageFolder(of: split)
    if dividesFolders, let split, folder.lastPathComponent != split { folder += "/\(split)" }
    return "\(folder)/\(Self.inner(path, split))"
  }

  /// The path without the folders that tell only that images lie there, or of which split.
  private static func inner(_ path: String, _ split: String?) -> String {
    let words: Set<Substring> = ["images", "img", "imgs", "JPEGImages", "train", "val", "valid", "test"]
    let components = path.split(separator: "/")
    let rest = components.dropLast().drop { name in
      words.contains(name)
        || split.map { name.hasPrefix($0) && name.dropFirst($0.count).allSatisfy(\.isNumber) } ?? false
    }
    return (rest + components.suffix(1)).joined(separator: "/")
  }
}
