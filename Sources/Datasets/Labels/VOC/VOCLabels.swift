internal import Imaging

/// Pascal VOC: an XML file for each image, with a box for each object.
///
/// Its boxes name the first and the last pixel, counted from 1. Parts of objects are not read: their object covers
/// them.
package enum VOCLabels: LabelFormat {
  package static let name = "Pascal VOC"
  package static let word = "voc"

  private static let fileExtension = "xml"
  /// Thousands of times the size of the labels of a crowded image.
  private static let byteLimit = 64 << 20

  package static func recognizes(_ place: LabelPlace) -> Bool { !files(of: place).isEmpty }

  package static func read(_ place: LabelPlace, _ options: LabelOptions) throws(LabelError) -> LabelSet {
    var images: [LabelledImage] = []
    for file in files(of: place) { images.append(try read(file, of: place)) }
    return LabelSet(images)
  }

  package static func imageFolder(of split: String?) -> String { "JPEGImages" }

  package static func writer(_ plan: LabelWriterPlan) -> any LabelWriter { NoLabelWriter() }

  private static func files(of place: LabelPlace) -> [String] {
    place.files(fileExtension, preferringFolder: "Annotations")
  }

  private static func read(_ file: String, of place: LabelPlace) throws(LabelError) -> LabelledImage {
    let bytes = try place.read(file, limit: byteLimit)
    do throws(XMLElement.Failure) {
      let root = try ExpatParser.parse(bytes)
      guard root.name == "annotation" else { throw root.failure(.missing("<annotation>")) }
      var objects: [LabelledObject] = []
      for object in root.all("object") { objects.append(try region(object)) }
      return LabelledImage(stemPath: file.withoutExtension, size: try size(root), objects: objects)
    } catch {
      throw LabelError(error.reason, in: place.displayPath(file), line: error.line)
    }
  }

  private static func region(_ object: XMLElement) throws(XMLElement.Failure) -> LabelledObject {
    let name = try object.child("name").trimmedText
    guard !name.isEmpty else { throw object.failure(.value("an object without a class")) }
    let box = try object.child("bndbox")
    let first = Vertex(try box.number("xmin"), try box.number("ymin"))
    let last = Vertex(try box.number("xmax"), try box.number("ymax"))
    guard first.x <= last.x, first.y <= last.y else {
      throw box.failure(.value("a box that ends before it begins cannot be"))
    }
    return LabelledObject(name, Box(first - 1, last))
  }

  /// The size that the file states; some tools write 0 where they do not know it.
  private static func size(_ root: XMLElement) throws(XMLElement.Failure) -> ImageSize? {
    guard let size = root["size"] else { return nil }
    let (width, height) = (try size.number("width"), try size.number("height"))
    guard width >= 0, height >= 0, width == width.rounded(), height == height.rounded() else {
      throw size.failure(.value("the size of an image is two whole numbers"))
    }
    return width * height > 0 ? ImageSize(width: Int(width), height: Int(height)) : nil
  }
}

extension XMLElement {
  fileprivate func failure(_ reason: LabelError.Reason) -> Failure { Failure(reason: reason, line: line) }

  fileprivate func child(_ name: String) throws(Failure) -> XMLElement {
    guard let child = self[name] else { throw failure(.missing("<\(name)>")) }
    return child
  }

  fileprivate func number(_ name: String) throws(Failure) -> Double {
    let child = try child(name)
    do throws(LabelError.Reason) {
      return try LabelNumber.parse(child.trimmedText, in: LabelNumber.pixels)
    } catch {
      throw child.failure(error)
    }
  }
}
