import Datasets
import Foundation
import Imaging
import Testing

/// Data sets written by hand, and what is found in those that runs have written.
extension Workspace {
  /// A PNG and its label in YOLO, in the folder `in`. Class 0 is a cat, class 1 a dog.
  func addYOLO(_ name: String, _ label: String, width: Int = 100, height: Int = 80) throws {
    try addImage("in/images/\(name).png", as: .png, seed: name.count, width: width, height: height)
    try addFile("in/labels/\(name).txt", label)
    try addFile("in/data.yaml", "names: [cat, dog]\n")
  }

  /// A PNG and its annotation in Pascal VOC, in the folder `in`.
  func addVOC(_ name: String, _ objects: String, width: Int = 100, height: Int = 80) throws {
    try addImage("in/JPEGImages/\(name).png", as: .png, seed: name.count, width: width, height: height)
    try addFile(
      "in/Annotations/\(name).xml",
      """
      <annotation><filename>\(name.split(separator: "/").last ?? "").png</filename>
      <size><width>\(width)</width><height>\(height)</height><depth>3</depth></size>
      \(objects)
      </annotation>
      """)
  }

  /// An `<object>` whose first and last pixels are counted as in the text.
  static func vocObject(_ numbers: [Int], className: String = "cat", _ more: String = "") -> String {
    """
    <object><name>\(className)</name>\(more)<bndbox><xmin>\(numbers[0])</xmin><ymin>\(numbers[1])</ymin>\
    <xmax>\(numbers[2])</xmax><ymax>\(numbers[3])</ymax></bndbox></object>
    """
  }

  /// Runs a command and expects everything to succeed.
  @discardableResult
  func run(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> Program.Outcome {
    let outcome = try Program.run(arguments, in: self, sourceLocation: sourceLocation)
    try #require(outcome.status == 0, "\(outcome.errorText)", sourceLocation: sourceLocation)
    return outcome
  }

  /// The objects of every image in a folder, in pixels, by the path of the image there.
  func objects(_ folder: String, _ options: LabelOptions = LabelOptions()) throws -> [String: [LabelledObject]] {
    let labels = try LabelSet(reading: absolute(folder), options)
    var objects: [String: [LabelledObject]] = [:]
    for (path, size) in try imageSizes(folder) {
      let shape = ImageShape(width: size[0], height: size[1], channels: 3)
      let indices = labels.indices(of: path)
      #expect(indices.count <= 1, "\(path) has several labels")
      objects[path] = indices.first.map { labels.images[$0].objects.map { $0.inPixels(of: shape) } }
    }
    return objects
  }

  /// The objects of the only image in a folder.
  func onlyObjects(_ folder: String, _ options: LabelOptions = LabelOptions()) throws -> [LabelledObject] {
    let objects = try objects(folder, options)
    try #require(objects.count == 1, "\(objects.keys)")
    return objects.values.first ?? []
  }

  /// A JSON file in a folder; what the program keeps for itself begins with a dot.
  func json(in folder: String) throws -> [String: Any] {
    let names = tree(folder).files.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }
    try #require(names.count == 1, "\(names)")
    let data = try #require(contents("\(folder)/\(names.first ?? "")"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }
}

extension Box {
  init(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double) {
    self.init(Vertex(left, top), Vertex(right, bottom))
  }

  /// Whether no edge differs by more than `tolerance` pixels.
  func isNear(_ other: Box, _ tolerance: Double = 1e-3) -> Bool {
    let distances = [upperLeft - other.upperLeft, lowerRight - other.lowerRight]
    return distances.allSatisfy { max(abs($0.x), abs($0.y)) <= tolerance }
  }
}

/// What `--json` says about labels.
struct LabelSummary: Decodable {
  struct Labels: Decodable {
    var objects, objectsDropped, copiesLeftOut, brokenObjects: Int
  }

  var labels: Labels
  var copies, copiesPlanned: Int

  init(_ outcome: Program.Outcome) throws {
    self = try JSONDecoder().decode(LabelSummary.self, from: Data(outcome.output.utf8))
  }
}
