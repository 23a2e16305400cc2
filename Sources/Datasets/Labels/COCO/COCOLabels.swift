internal import FoundationEssentials
internal import Imaging

/// COCO: one JSON file for all images, with a box, and mostly an outline, for each object.
///
/// Masks given as run lengths are not read: the box of the object stands for them.
package enum COCOLabels: LabelFormat {
  package static let name = "COCO"
  package static let word = "coco"

  /// The largest file of COCO itself has 448 MiB.
  private static let byteLimit = 1 << 30

  package static func recognizes(_ place: LabelPlace) -> Bool {
    place.files.count == 1 && place.files[0].lowercased().hasSuffix(".json")
  }

  package static func read(_ place: LabelPlace, _ options: LabelOptions) throws(LabelError) -> LabelSet {
    let file = place.files[0]
    let bytes = try place.read(file, limit: byteLimit)
    let content: Content
    do {
      content = try JSONDecoder().decode(Content.self, from: Data(bytes))
    } catch {
      throw LabelError(json: error, of: bytes, in: place.displayPath(file))
    }
    var reader = Reader(place: place, file: file)
    return LabelSet(try reader.images(content))
  }

  package static func imageFolder(of split: String?) -> String { split.map { "images/\($0)" } ?? "images" }

  package static func writer(_ plan: LabelWriterPlan) -> any LabelWriter { NoLabelWriter() }
}

extension COCOLabels {
  /// What is read of a file; everything else is skipped.
  fileprivate struct Content: Decodable {
    struct Picture: Decodable {
      var id: Identifier
      var file_name: String
      var width, height: Double?
    }

    struct Category: Decodable {
      var id: Identifier
      var name: String
    }

    struct Annotation: Decodable {
      var image_id, category_id: Identifier
      var bbox: [Double]?
      var segmentation: Segmentation?
    }

    var images: [Picture]
    var categories: [Category]
    var annotations: [Annotation]
  }

  /// A whole number by the rules, a text by some tools.
  fileprivate enum Identifier: Decodable, Hashable {
    case number(Int)
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        let context = DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "no identifier")
        throw DecodingError.typeMismatch(Int.self, context)
      }
    }
  }

  fileprivate enum Segmentation: Decodable {
    case polygons([[Double]])
    case runLengths

    private enum Key: CodingKey { case counts }

    init(from decoder: any Decoder) throws {
      if (try? decoder.container(keyedBy: Key.self)) != nil {
        self = .runLengths
      } else {
        self = .polygons(try decoder.singleValueContainer().decode([[Double]].self))
      }
    }
  }
}

extension COCOLabels {
  /// Brings together what refers to each other by identifiers.
  fileprivate struct Reader {
    let place: LabelPlace
    let file: String
    private var indices: [Identifier: Int] = [:]
    private var classNames: [Identifier: String] = [:]

    init(place: LabelPlace, file: String) { (self.place, self.file) = (place, file) }

    mutating func images(_ content: Content) throws(LabelError) -> [LabelledImage] {
      for (index, category) in content.categories.enumerated()
      where classNames.updateValue(category.name, forKey: category.id) != nil {
        throw error(.value("the same as of another category"), "categories[\(index)].id")
      }
      var images = try pictures(content.images)
      for (number, annotation) in content.annotations.enumerated() {
        let path = "annotations[\(number)]"
        guard let index = indices[annotation.image_id] else {
          throw error(.value("there is no such image"), "\(path).image_id")
        }
        images[index].objects.append(try region(annotation, path))
      }
      return images
    }

    private mutating func pictures(_ pictures: [Content.Picture]) throws(LabelError) -> [LabelledImage] {
      var images: [LabelledImage] = []
      var paths: Set<String> = []
      for (index, picture) in pictures.enumerated() {
        let path = "images[\(index)]"
        guard indices.updateValue(index, forKey: picture.id) == nil else {
          throw error(.value("the same as of another image"), "\(path).id")
        }
        let size = try place.located(file, path: path) { () throws(LabelError.Reason) in try Self.size(picture) }
        images.append(LabelledImage(file: picture.file_name, size: size))
        guard paths.insert(images[index].path).inserted else {
          throw error(.value("the same as of another image"), "\(path).file_name")
        }
      }
      return images
    }

    private static func size(_ picture: Content.Picture) throws(LabelError.Reason) -> ImageSize? {
      guard let width = picture.width, let height = picture.height, width != 0, height != 0 else { return nil }
      let sides = 1...LabelNumber.pixels.upperBound
      for side in [width, height] {
        guard sides.contains(side), side == side.rounded() else {
          throw .value("the size of an image is two whole numbers, not \(format(width)) x \(format(height))")
        }
      }
      return ImageSize(width: Int(width), height: Int(height))
    }

    private func region(_ annotation: Content.Annotation, _ path: String) throws(LabelError) -> LabelledObject {
      guard let name = classNames[annotation.category_id] else {
        throw error(.value("there is no such category"), "\(path).category_id")
      }
      let polygons = try outline(annotation.segmentation, "\(path).segmentation")
      let box = try place.located(file, path: "\(path).bbox") { () throws(LabelError.Reason) in
        try Self.box(annotation.bbox ?? [])
      }
      guard let box = box ?? Box(around: polygons.joined()) else {
        throw error(.missing("bbox and no segmentation of polygons"), path)
      }
      return LabelledObject(name, box, polygons: polygons)
    }

    private func outline(_ segmentation: Segmentation?, _ path: String) throws(LabelError) -> [[Vertex]] {
      guard case .polygons(let lists) = segmentation else { return [] }
      var polygons: [[Vertex]] = []
      for (index, numbers) in lists.enumerated() {
        polygons.append(
          try place.located(file, path: "\(path)[\(index)]") { () throws(LabelError.Reason) in
            for number in numbers { try LabelNumber.check(number, in: LabelNumber.pixels) }
            return try LabelNumber.corners(numbers)
          })
      }
      return polygons
    }

    /// - Parameter numbers: x, y, width, height; none if there is no box.
    private static func box(_ numbers: [Double]) throws(LabelError.Reason) -> Box? {
      if numbers.isEmpty { return nil }
      guard numbers.count == 4 else { throw .value("must have 4 numbers, not \(numbers.count)") }
      for number in numbers { try LabelNumber.check(number, in: LabelNumber.pixels) }
      try LabelNumber.checkSide(min(numbers[2], numbers[3]))
      let corner = Vertex(numbers[0], numbers[1])
      return Box(corner, corner + Vertex(numbers[2], numbers[3]))
    }

    private func error(_ reason: LabelError.Reason, _ path: String) -> LabelError {
      LabelError(reason, in: place.displayPath(file), path: path)
    }
  }
}

extension LabelError {
  /// The error of a decoder, at its place in the file.
  fileprivate init(json error: any Error, of bytes: [UInt8], in file: String) {
    switch error as? DecodingError {
    case .keyNotFound(let key, let context):
      self.init(.missing("\"\(key.stringValue)\""), in: file, path: context.codingPath.text)
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      self.init(.value("is not \(Self.words(for: type))"), in: file, path: context.codingPath.text)
    default:
      let fault = JSONFault(in: bytes)
      let isText = String(validating: bytes, as: UTF8.self) != nil
      self.init(
        isText ? .syntax(language: "JSON", fault?.text ?? "it cannot be read") : .notText, in: file, line: fault?.line)
    }
  }

  private static func words(for type: any Any.Type) -> String {
    switch type {
    case is String.Type: "a text"
    case is Double.Type: "a number"
    case is Int.Type: "a whole number"
    case is [String: Any].Type: "an object"
    case is [Any].Type: "a list"
    default: "what it should be"
    }
  }
}

extension [any CodingKey] {
  /// "annotations[3].bbox[2]"
  fileprivate var text: String {
    reduce("") { text, key in
      if let index = key.intValue { return "\(text)[\(index)]" }
      return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
    }
  }
}
