import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

/// What pycocotools, supervision and globox understand of a data set with labels: `experiments/labels/read_labels.py`,
/// run by the Python that AUGMENT_PYTHON names.
enum LabelReaders {
  /// By the paths of images.
  typealias Reading = [String: Image]

  struct Image: Decodable {
    /// Width and height; `nil` if the reader does not tell.
    var size: [Int]?
    var objects: [Object]
  }

  struct Object: Decodable {
    enum CodingKeys: String, CodingKey { case className = "class", box, polygons, keypoints, maskArea, area, isCrowd }

    var className: String
    /// Left, top, right and bottom edge in pixels; a whole image is 0, 0, width, height.
    var box: [Double]
    var polygons, keypoints: [[Double]]?
    /// In pixels.
    var maskArea: Int?
    var area: Double?
    var isCrowd: Bool?
  }

  static let areThere =
    Peer.python != nil && (try? Peer.run("import pycocotools, supervision, globox; print(1)", in: "/")) == "1"

  /// By the names of the readers.
  /// - Parameter word: `voc`, `coco` or `yolo`.
  static func read(_ word: String, _ folder: String) throws -> [String: Reading] {
    let script = PackageFolder.url.appending(path: "experiments/labels/read_labels.py").path(percentEncoded: false)
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(filePath: try #require(Peer.python))
    process.arguments = [script, word, folder]
    (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "read_labels.py cannot read \(folder) as \(word)")
    return try JSONDecoder().decode([String: Reading].self, from: data)
  }
}

extension LabelSet {
  /// What our reader understands of a data set, as theirs say it. Sizes of images are needed for shares.
  func reading(sizes: [String: [Int]]) throws -> LabelReaders.Reading {
    var reading: LabelReaders.Reading = [:]
    for (path, size) in sizes {
      let shape = ImageShape(width: size[0], height: size[1], channels: 3)
      let indices = indices(of: path)
      #expect(indices.count <= 1, "\(path) has several labels")
      let objects = indices.first.map { images[$0].objects } ?? []
      reading[path] = LabelReaders.Image(size: size, objects: objects.map { .init($0.inPixels(of: shape)) })
    }
    return reading
  }
}

extension LabelReaders.Object {
  init(_ object: LabelledObject) {
    let box = object.box
    (className, isCrowd) = (object.className, object.isCrowd)
    self.box = [box.upperLeft.x, box.upperLeft.y, box.lowerRight.x, box.lowerRight.y]
    polygons = object.polygons.map { $0.flatMap { [$0.x, $0.y] } }
    // COCO counts the points from the centre of the first pixel.
    keypoints = object.shape.keypoints.map {
      [$0.position.x - 0.5, $0.position.y - 0.5, Double($0.visibility.rawValue)]
    }
  }
}

extension Workspace {
  /// Width and height of every image in a folder, by its path there.
  func imageSizes(_ folder: String) throws -> [String: [Int]] {
    let images = tree(folder).files.filter { [".jpg", ".png"].contains($0.suffix(4)) && !$0.hasPrefix(".") }
    var sizes: [String: [Int]] = [:]
    for path in images {
      let shape = try ImageFile.read("\(absolute(folder))/\(path)").color.shape
      sizes[path] = [shape.width, shape.height]
    }
    return sizes
  }
}
