import Foundation
import Imaging
import TestSupport

/// A data set of scenes in COCO, in the folder `in` of a workspace, whose labels have boxes and what `Content` says.
struct LabelledDataSet {
  enum Content: String, CaseIterable {
    case boxes, polygons, keypoints, crowds
  }

  static let imageCount = 6
  static let classNames = ["cat", "a dog & more"]

  private let content: Content
  private var random = SeededGenerator(seed: 17)
  private var images: [[String: Any]] = []
  private var annotations: [[String: Any]] = []

  /// Writes images of several sizes, every second one as PNG, and `annotations/instances.json`. The last image has no
  /// objects.
  static func write(_ content: Content, to workspace: Workspace) throws {
    var dataSet = LabelledDataSet(content)
    for index in 0..<imageCount {
      let (width, height) = (90 + 31 * index, 160 - 17 * index)
      let name = "scene\(index).\(index.isMultiple(of: 2) ? "jpg" : "png")"
      try workspace.addImage(
        "in/images/\(name)", as: index.isMultiple(of: 2) ? .jpeg : .png, seed: index, width: width, height: height)
      dataSet.images.append(["id": index + 1, "file_name": name, "width": width, "height": height])
      guard index < imageCount - 1 else { continue }
      for _ in 0..<4 { dataSet.addObject(width: width, height: height) }
    }
    let json = try JSONSerialization.data(withJSONObject: dataSet.object, options: .sortedKeys)
    try workspace.addFile("in/annotations/instances.json", String(decoding: json, as: UTF8.self))
  }

  private init(_ content: Content) { self.content = content }

  private var object: [String: Any] {
    var categories: [[String: Any]] = Self.classNames.enumerated().map { ["id": $0 + 1, "name": $1] }
    if content == .keypoints {
      for index in categories.indices { categories[index]["keypoints"] = ["nose", "left_ear", "right_ear"] }
    }
    return ["images": images, "annotations": annotations, "categories": categories]
  }

  private mutating func addObject(width: Int, height: Int) {
    let (x, y) = (number(0...Double(width) * 0.7), number(0...Double(height) * 0.7))
    let side = number(8...min(Double(width) - x, Double(height) - y))
    let box = Box(Vertex(x, y), Vertex(x + side, min(y + side * 0.75, Double(height))))
    var annotation: [String: Any] = [
      "id": annotations.count + 1, "image_id": images.count, "category_id": annotations.count % 2 + 1,
      "bbox": [box.upperLeft.x, box.upperLeft.y, box.size.x, box.size.y], "area": box.size.x * box.size.y, "iscrowd": 0,
    ]
    switch content {
    case .boxes: break
    case .polygons: annotation["segmentation"] = [Self.octagon(in: box)]
    case .keypoints:
      annotation["keypoints"] = keypoints(in: box)
      annotation["num_keypoints"] = 2
    case .crowds:
      annotation["iscrowd"] = 1
      annotation["segmentation"] = [
        "size": [height, width], "counts": Self.runs(of: box, width: width, height: height),
      ]
    }
    annotations.append(annotation)
  }

  /// To a quarter of a pixel.
  private mutating func number(_ range: ClosedRange<Double>) -> Double {
    (Double.random(in: range, using: &random) * 4).rounded() / 4
  }

  /// Corners as x, y, x, y, …, which touch all four edges of the box.
  private static func octagon(in box: Box) -> [Double] {
    let places = [(0.25, 0.0), (0.75, 0), (1, 0.25), (1, 0.75), (0.75, 1), (0.25, 1), (0, 0.75), (0, 0.25)]
    return places.flatMap { x, y in
      let corner = box.upperLeft + box.size * Vertex(x, y)
      return [corner.x, corner.y]
    }
  }

  /// A visible, a hidden and an unlabelled point.
  private mutating func keypoints(in box: Box) -> [Double] {
    let places = [box.center, box.upperLeft + box.size * Vertex(0.25, 0.5)]
    return [places[0].x.rounded(.down), places[0].y.rounded(.down), 2, places[1].x, places[1].y, 1, 0, 0, 0]
  }

  /// The runs of the pixels in the box, column by column.
  private static func runs(of box: Box, width: Int, height: Int) -> [Int] {
    let columns = Int(box.upperLeft.x.rounded(.up))..<Int(box.lowerRight.x)
    let rows = Int(box.upperLeft.y.rounded(.up))..<Int(box.lowerRight.y)
    guard !columns.isEmpty, !rows.isEmpty else { return [width * height] }
    var counts = [columns.lowerBound * height + rows.lowerBound]
    for _ in columns { counts += [rows.count, height - rows.count] }
    counts[counts.count - 1] = width * height - counts.dropLast().reduce(0, +)
    return counts
  }
}
