import Foundation
import Imaging
import TestSupport
import Testing

/// `experiments/labels/boxes.json`: where Albumentations moves boxes and points, and which its filters keep, as
/// `albumentations_boxes.py` wrote it.
enum BoxReference {
  static let geometries: [MovedBoxes] = lines("geometries").compactMap(MovedBoxes.init)
  static let filters: [KeptBoxes] = lines("filters").compactMap(KeptBoxes.init)

  private static func lines(_ key: String) -> [[String: Any]] {
    let file = PackageFolder.url.appending(path: "experiments/labels/boxes.json")
    let object = (try? Data(contentsOf: file)).flatMap { try? JSONSerialization.jsonObject(with: $0) }
    return (object as? [String: [[String: Any]]])?[key] ?? []
  }

  fileprivate static func box(_ numbers: [Double]) -> Box {
    Box(Vertex(numbers[0], numbers[1]), Vertex(numbers[2], numbers[3]))
  }

  fileprivate static func shape(_ sides: [Int]) -> ImageShape {
    ImageShape(width: sides[0], height: sides[1], channels: 3)
  }
}

/// A geometry with fixed parameters, and what Albumentations makes of boxes and points.
struct MovedBoxes: Sendable {
  enum Kind: String, Sendable {
    /// Sides stay parallel to those of the image.
    case straight
    case tilted
    /// Albumentations paints a box on whole pixels, moves them, and looks where they are.
    case field
    /// The border mirrors the image.
    case mirrored
  }

  struct Moved: Sendable {
    var source: Box
    /// Not clipped. None if the box is gone, several if it is mirrored.
    var theirs: [Box]
  }

  let name: String
  let kind: Kind
  let source, result: ImageShape
  let boxes: [Moved]
  /// In pixel centres.
  let points: [(source: Point, theirs: Point)]
  /// As in a pipeline file.
  private let transform: String
  /// As in a manifest.
  private let drawn: Data

  init?(_ fields: [String: Any]) {
    guard let transform = fields["transform"] as? [String: Any], let drawn = fields["drawn"] as? [String: Any],
      let name = transform["__class_fullname__"] as? String,
      let kind = (fields["kind"] as? String).flatMap(Kind.init), let sizes = fields["size"] as? [[Int]],
      let boxes = fields["boxes"] as? [[Any]], let text = try? JSONSerialization.data(withJSONObject: transform),
      let data = try? JSONSerialization.data(withJSONObject: drawn)
    else { return nil }
    (self.name, self.kind, self.transform, self.drawn) = (name, kind, String(decoding: text, as: UTF8.self), data)
    (source, result) = (BoxReference.shape(sizes[0]), BoxReference.shape(sizes[1]))
    let shift = fields["boxShift"] as? [Double] ?? [0, 0]
    self.boxes = boxes.map { Self.moved($0, by: Vertex(shift[0], shift[1])) }
    points = (fields["keypoints"] as? [[[Double]]] ?? []).map { (Self.point($0[0]), Self.point($0[1])) }
  }

  /// With `fit_output`, Albumentations moves image and boxes to the edges of the output by one floor each, which may
  /// differ by a pixel; here boxes stay where the image shows the object.
  private static func moved(_ pair: [Any], by shift: Vertex) -> Moved {
    let several = pair[1] as? [[Double]] ?? [pair[1] as? [Double] ?? []].filter { !$0.isEmpty }
    let theirs = several.map { BoxReference.box($0) }.map { Box($0.upperLeft + shift, $0.lowerRight + shift) }
    return Moved(source: BoxReference.box(pair[0] as? [Double] ?? []), theirs: theirs)
  }

  private static func point(_ numbers: [Double]) -> Point { Point(numbers[0], numbers[1]) }

  /// For messages.
  var title: String {
    let draw = drawn.count < 300 ? String(decoding: drawn, as: UTF8.self) : "a field"
    return "\(name) \(source.width)x\(source.height) \(transform) \(draw)"
  }

  /// Our operation for the same parameters.
  func operation() throws -> Imaging.Operation {
    guard case .transform(let change) = try Pipeline(text: transform, file: "case").root.kind else {
      throw NoTransform()
    }
    if change is ElasticTransform { return .geometry(.field(try displacements())) }
    return try operation(change)
  }

  private struct NoTransform: Error {}

  private func operation<Change: Transform>(_ change: Change) throws -> Imaging.Operation {
    change.operation(try JSONDecoder().decode(Change.Drawn.self, from: drawn), for: source)
  }

  private func displacements() throws -> DisplacementField {
    let field = try JSONDecoder().decode([String: [Float]].self, from: drawn)
    return DisplacementField(dx: try #require(field["dx"]), dy: try #require(field["dy"]))
  }
}

/// Boxes through crops with thresholds, and which of them Albumentations keeps.
struct KeptBoxes: Sendable {
  let shape: ImageShape
  /// One after the other.
  let crops: [Rectangle]
  /// By the names of `BboxParams`.
  let thresholds: [String: Double]
  let boxes: [Box]
  let kept: [Bool]

  init?(_ fields: [String: Any]) {
    guard let size = fields["size"] as? [Int], let crops = fields["crops"] as? [[Int]],
      let thresholds = fields["thresholds"] as? [String: Double], let boxes = fields["boxes"] as? [[Double]],
      let kept = fields["kept"] as? [Bool]
    else { return nil }
    shape = BoxReference.shape(size)
    self.crops = crops.map { Rectangle(x: $0[0], y: $0[1], width: $0[2] - $0[0], height: $0[3] - $0[1]) }
    (self.thresholds, self.kept) = (thresholds, kept)
    self.boxes = boxes.map { BoxReference.box($0) }
  }
}
