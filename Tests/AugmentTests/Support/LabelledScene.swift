import Foundation
import Imaging
import Jobs
import Scenes
import TestSupport

/// Images with labels in COCO, and what hiding their regions must give.
struct LabelledScene {
  struct Labelled {
    var path: String
    var shape: ImageShape
    var regions: [(box: Box, polygons: [[Vertex]])]
  }

  let workspace: Workspace
  private(set) var images: [Labelled] = []

  /// PNG images of several sizes, with boxes and outlines inside, across edges and over each other.
  init() throws {
    workspace = try Workspace()
    var random = SeededGenerator(seed: 5)
    for (index, size) in [(120, 90), (77, 131), (40, 40)].enumerated() {
      let path = "sub\(index)/scene.png"
      try workspace.addImage("in/\(path)", as: .png, seed: index, width: size.0, height: size.1)
      let boxes = (0..<4).map { _ in Self.box(in: size, &random) }
      let shape = ImageShape(width: size.0, height: size.1, channels: 3)
      images.append(Labelled(path: path, shape: shape, regions: boxes.map { ($0, [Self.star(in: $0, &random)]) }))
    }
    try workspace.addFile("labels.json", json)
  }

  private static func box(in size: (Int, Int), _ random: inout SeededGenerator) -> Box {
    let corner = Vertex(
      Double.random(in: -10...Double(size.0 - 5), using: &random),
      Double.random(in: -10...Double(size.1 - 5), using: &random))
    return Box(
      corner, corner + Vertex(Double.random(in: 3...60, using: &random), Double.random(in: 3...60, using: &random)))
  }

  private static func star(in box: Box, _ random: inout SeededGenerator) -> [Vertex] {
    (0..<7).map { _ in
      box.upperLeft
        + box.size * Vertex(Double.random(in: 0...1, using: &random), Double.random(in: 0...1, using: &random))
    }
  }

  private var json: String {
    let pictures = images.enumerated().map { index, image in
      """
      {"id": \(index), "file_name": "\(image.path)", "width": \(image.shape.width), "height": \(image.shape.height)}
      """
    }
    let annotations = images.enumerated().flatMap { index, image in
      image.regions.map { region in
        let (corner, size) = (region.box.upperLeft, region.box.size)
        let outline = region.polygons.map { $0.flatMap { [$0.x, $0.y] } }
        return """
          {"image_id": \(index), "category_id": 1, "bbox": [\(corner.x), \(corner.y), \(size.x), \(size.y)],
          "segmentation": \(outline)}
          """
      }
    }
    return """
      {"images": [\(pictures.joined(separator: ","))], "categories": [{"id": 1, "name": "face"}],
      "annotations": [\(annotations.joined(separator: ",\n"))]}
      """
  }

  /// The pixels, as column and row, that a shape of an image's regions covers.
  func hidden(in image: Labelled, _ shape: Anonymize.Shape) -> Set<[Int]> {
    var hidden: Set<[Int]> = []
    for region in image.regions {
      let box = PixelArea(covering: region.box, in: image.shape)
      let area =
        switch shape {
        case .box: box
        case .ellipse: PixelArea(ellipseIn: region.box, in: image.shape)
        case .polygon: PixelArea(inside: region.polygons, in: image.shape)
        }
      // A shape without pixels is hidden by its box.
      for run in (area.runs.isEmpty ? box : area).runs { hidden.formUnion(run.columns.map { [$0, run.row] }) }
    }
    return hidden
  }
}
