internal import Imaging

/// What a COCO file says about an image and its objects, but for their identifiers, which depend on all the others.
struct COCOFragments {
  /// What is made anew, or has a place of its own.
  private static let imageNames: Set = ["id", "file_name", "width", "height"]
  private static let objectNames: Set = [
    "id", "image_id", "category_id", "bbox", "area", "segmentation", "iscrowd", "keypoints", "num_keypoints",
    "difficult", "truncated", "parts",
  ]

  /// Identifiers of the classes, as JSON.
  let categoryIdentifiers: [String: [UInt8]]

  /// The image, then its objects.
  func record(of output: OutputLabels) -> [[UInt8]] {
    [image(output)] + output.objects.map { object($0, isUnmoved: output.isUnmoved) }
  }

  private func image(_ output: OutputLabels) -> [UInt8] {
    var json = JSONText()
    json.append("\"width\": ")
    json.append(output.shape.width)
    json.append(", \"height\": ")
    json.append(output.shape.height)
    let fields = output.source?.fields ?? []
    // Files of single images name their image.
    let names =
      output.source?.labelFile == nil ? Self.imageNames : Self.imageNames.union(["folder", "filename", "path"])
    json.append(kept: fields, without: names, isUnmoved: output.isUnmoved)
    return json.bytes
  }

  private func object(_ object: LabelledObject, isUnmoved: Bool) -> [UInt8] {
    guard let identifier = categoryIdentifiers[object.className] else {
      preconditionFailure("the plan has the class of every object")
    }
    var json = JSONText()
    json.append("\"category_id\": ")
    json.append(identifier)
    json.append(", \"bbox\": ")
    json.append(object.box)
    json.append(", \"area\": ")
    // Without memory for the area of polygons, that of the box.
    json.append((try? object.shape.area()) ?? object.box.area)
    json.append(", \"segmentation\": ")
    json.append(object.shape.outline, isCrowd: object.isCrowd)
    json.append(", \"iscrowd\": ")
    json.append(object.isCrowd ? 1 : 0)
    if !object.shape.keypoints.isEmpty { json.append(object.shape.keypoints) }
    if object.isDifficult { json.append(", \"difficult\": 1") }
    // What is cut off stays so; what is not may have been cut since.
    if object.isTruncated == true { json.append(", \"truncated\": 1") }
    if object.isTruncated == false, isUnmoved { json.append(", \"truncated\": 0") }
    if !object.parts.isEmpty { json.append(object.parts) }
    json.append(kept: object.fields, without: Self.objectNames, isUnmoved: isUnmoved)
    return json.bytes
  }
}

extension JSONText {
  /// Fields that the source has and the format does not know, each behind a comma.
  fileprivate mutating func append(kept fields: [LabelField], without names: Set<String>, isUnmoved: Bool) {
    let kept = fields.filter { !names.contains($0.name) && (isUnmoved || !$0.value.namesPlaces) }
    if kept.isEmpty { return }
    append(", ")
    append(kept)
  }

  /// x, y, width, height
  fileprivate mutating func append(_ box: Box) {
    let (corner, size) = (box.upperLeft, box.size)
    append(list: [corner.x, corner.y, size.x, size.y]) { json, number in json.append(number) }
  }

  /// Masks of crowds as lists of runs, others as texts: so COCO's own files and tools have them.
  fileprivate mutating func append(_ outline: Outline, isCrowd: Bool) {
    switch outline {
    case .none: append("[]")
    case .polygons(let polygons):
      append(list: polygons.filter { $0.count >= 3 }) { json, polygon in
        json.append(list: polygon) { json, corner in
          json.append(corner.x)
          json.append(", ")
          json.append(corner.y)
        }
      }
    case .mask(let runs):
      append("{\"size\": [")
      append(runs.height)
      append(", ")
      append(runs.width)
      append("], \"counts\": ")
      if isCrowd {
        append(list: runs.counts) { json, count in json.append(count) }
      } else {
        append(quoting: String(decoding: runs.compressed, as: UTF8.self))
      }
      append("}")
    }
  }

  /// x, y, visibility of each; a point that nobody has marked is all zeros.
  fileprivate mutating func append(_ keypoints: [Keypoint]) {
    let marked = keypoints.count { $0.visibility != .unlabelled }
    let numbers = keypoints.flatMap { point -> [Double] in
      if point.visibility == .unlabelled { return [0, 0, 0] }
      // They count pixels by their centres.
      return [point.position.x - 0.5, point.position.y - 0.5, Double(point.visibility.rawValue)]
    }
    append(", \"keypoints\": ")
    append(list: numbers) { json, number in json.append(number) }
    append(", \"num_keypoints\": ")
    append(marked)
  }

  /// Parts as VOC has them, which COCO does not know.
  fileprivate mutating func append(_ parts: [LabelledObject]) {
    append(", \"parts\": ")
    append(list: parts) { json, part in
      json.append("{\"name\": ")
      json.append(quoting: part.className)
      json.append(", \"bbox\": ")
      json.append(part.box)
      if !part.parts.isEmpty { json.append(part.parts) }
      json.append("}")
    }
  }
}
