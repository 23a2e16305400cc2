internal import Imaging

/// Reads the annotation of an image.
///
/// A box names its first and its last pixel, so it ends behind the latter, where they are counted from 1 as VOC does.
struct VOCAnnotation {
  /// Elements that have a meaning here; all others are kept as they are.
  enum Name {
    static let ofImage: Set = ["object", "size"]
    static let ofObject: Set = ["name", "bndbox", "difficult", "truncated", "iscrowd"]
  }

  private var image: LabelledImage
  /// The file as the user would name it.
  private let path: String
  /// The number of the first column and row.
  private let origin: Double

  static func read(
    _ bytes: [UInt8], _ file: String, of place: LabelPlace, _ options: LabelOptions
  ) throws(LabelError) -> LabelledImage {
    var annotation = VOCAnnotation(file, of: place, options)
    do throws(XMLElement.Failure) {
      let root = try ExpatParser.parse(bytes)
      guard root.name == "annotation" else { throw root.failure(.missing("<annotation>")) }
      annotation.read(root)
    } catch {
      throw annotation.error(error)
    }
    return annotation.image
  }

  private init(_ file: String, of place: LabelPlace, _ options: LabelOptions) {
    image = LabelledImage(stemPath: file.withoutExtension)
    image.labelFile = file
    path = place.displayPath(file)
    origin = Double(options.vocOrigin)
  }

  private func error(_ failure: XMLElement.Failure) -> LabelError {
    LabelError(failure.reason, in: path, line: failure.line)
  }

  private mutating func read(_ root: XMLElement) {
    image.size = unlessBroken { () throws(XMLElement.Failure) in try Self.size(root) } ?? nil
    for element in root.children where element.name == "object" {
      if let object = object(element) { image.objects.append(object) }
    }
    image.fields = root.attributes + root.children.filter { !Name.ofImage.contains($0.name) }.map(\.field)
  }

  /// The value, or `nil` and a fault.
  private mutating func unlessBroken<Value>(_ body: () throws(XMLElement.Failure) -> Value) -> Value? {
    do throws(XMLElement.Failure) {
      return try body()
    } catch {
      image.faults.append(LabelFault(self.error(error)))
      return nil
    }
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

  /// An object, or a part of one; the depth of files is limited.
  private mutating func object(_ element: XMLElement) -> LabelledObject? {
    let origin = origin
    let read = unlessBroken { () throws(XMLElement.Failure) in
      LabelledObject(try Self.className(element), try Self.box(element, origin: origin))
    }
    guard var object = read else { return nil }
    object.isDifficult = element["difficult"]?.isTrue ?? false
    object.isCrowd = element["iscrowd"]?.isTrue ?? false
    object.isTruncated = element["truncated"]?.isTrue
    object.fields = element.attributes
    for child in element.children where !Name.ofObject.contains(child.name) {
      if !child.isPart {
        object.fields.append(child.field)
      } else if let part = self.object(child) {
        object.parts.append(part)
      }
    }
    return object
  }

  private static func className(_ object: XMLElement) throws(XMLElement.Failure) -> String {
    let name = try object.child("name").trimmedText
    guard !name.isEmpty else { throw object.failure(.value("an object without a class")) }
    return name
  }

  private static func box(_ object: XMLElement, origin: Double) throws(XMLElement.Failure) -> Box {
    let box = try object.child("bndbox")
    let first = Vertex(try box.number("xmin"), try box.number("ymin"))
    let last = Vertex(try box.number("xmax"), try box.number("ymax"))
    guard first.x <= last.x, first.y <= last.y else {
      throw box.failure(.value("a box that ends before it begins cannot be"))
    }
    return Box(first - origin, last)
  }
}

extension XMLElement {
  fileprivate func failure(_ reason: LabelError.Reason) -> Failure { Failure(reason: reason, line: line) }

  /// Whether it is a part of an object, with a box of its own.
  fileprivate var isPart: Bool { name == "part" && self["bndbox"] != nil }

  /// 1 in VOC; other tools write shares, or words.
  fileprivate var isTrue: Bool {
    let text = trimmedText.lowercased()
    return Double(text).map { $0 > 0 } ?? ["true", "yes"].contains(text)
  }

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
