/// Looks whether the begin of a file is that of a COCO file: lists of images, categories and annotations at the top.
struct COCOProbe: JSONHandler {
  /// Some files have pages of licences before the first list.
  static let byteCount = 1 << 16

  private static let marks = [
    "images": ["file_name"], "annotations": ["image_id", "category_id"], "categories": ["supercategory", "name"],
  ]
  private var path = JSONPath()
  private var isFound = false

  static func recognizes(_ head: [UInt8]) -> Bool {
    var probe = COCOProbe()
    // The end is cut off, which is no fault.
    try? JSONStream.read(.bytes(head), &probe)
    return probe.isFound
  }

  mutating func handle(_ event: JSONEvent) throws(JSONFailure) {
    path.follow(event)
    guard event.kind == .key, path.depth == 3 else { return }
    let marks = Self.marks[path.key(atDepth: 1), default: []]
    guard marks.contains(path.key(atDepth: 3)) else { return }
    isFound = true
    throw JSONFailure(reason: .value("nothing more is needed"))
  }
}
