/// Takes a COCO file apart as it is read: images and categories, annotations one by one, and what else there is.
struct COCOReader: JSONHandler {
  private enum List: String { case images, categories, annotations }

  private enum State {
    case start, top
    /// In a value at the top that is kept.
    case field
    case list(List)
    case record(List)
    /// In a value of an annotation that tells places.
    case geometry
  }

  /// Each takes tens of bytes more than its text.
  private static let valueLimit = 20_000_000
  /// Of a record.
  private static let recordDepth = 3

  private var content: COCOContent
  private var state = State.start
  private var path = JSONPath()
  private var tree = JSONTree()
  private var geometry = COCOGeometry()
  private var recordLine = 0
  private var hasImages = false

  static func read(_ source: consuming JSONSource, file: String) throws(LabelError) -> COCOContent {
    var reader = COCOReader(COCOContent(file: file))
    do throws(JSONFailure) {
      try JSONStream.read(source, &reader)
      guard reader.hasImages else { throw JSONFailure(reason: .missing("\"images\"")) }
    } catch {
      throw LabelError(error.reason, in: file, line: error.line, path: error.path)
    }
    return reader.content
  }

  private init(_ content: COCOContent) { self.content = content }

  mutating func handle(_ event: JSONEvent) throws(JSONFailure) {
    path.follow(event)
    switch state {
    case .start: try begin(event)
    case .top: try takeAtTop(event)
    case .field: try keep(event)
    case .list(let list): try takeInList(event, list)
    case .record(let list): try takeInRecord(event, list)
    case .geometry:
      geometry.take(event, path, depth: Self.recordDepth)
      if path.depth == Self.recordDepth { state = .record(.annotations) }
    }
  }

  private mutating func begin(_ event: JSONEvent) throws(JSONFailure) {
    guard event.kind == .objectBegin else { throw JSONFailure(reason: .value("is not an object"), line: event.line) }
    state = .top
  }

  private mutating func takeAtTop(_ event: JSONEvent) throws(JSONFailure) {
    guard event.kind.beginsValue else { return }
    guard let list = List(rawValue: path.key(atDepth: 1)) else { return try keep(event) }
    guard event.kind == .listBegin else {
      throw JSONFailure(reason: .value("is not a list"), line: event.line, path: list.rawValue)
    }
    if list == .images { hasImages = true }
    state = .list(list)
  }

  private mutating func takeInList(_ event: JSONEvent, _ list: List) throws(JSONFailure) {
    if event.kind == .listEnd {
      state = .top
      return
    }
    recordLine = event.line
    geometry.reset()
    try takeInRecord(event, list)
  }

  private mutating func takeInRecord(_ event: JSONEvent, _ list: List) throws(JSONFailure) {
    if list == .annotations, event.kind == .key, path.depth == Self.recordDepth,
      geometry.begin(path.key(atDepth: path.depth))
    {
      state = .geometry
      return
    }
    guard let value = try value(endingWith: event) else {
      state = .record(list)
      return
    }
    add(value, list)
    state = .list(list)
  }

  private mutating func keep(_ event: JSONEvent) throws(JSONFailure) {
    state = .field
    guard let value = try value(endingWith: event) else { return }
    content.fields.append(LabelField(path.key(atDepth: 1), value))
    state = .top
  }

  /// Puts a value together; `nil` before its last event.
  private mutating func value(endingWith event: JSONEvent) throws(JSONFailure) -> LabelValue? {
    let value = tree.take(event)
    guard tree.valueCount <= Self.valueLimit else {
      throw JSONFailure(reason: .tooManyValues(limit: Self.valueLimit), line: event.line)
    }
    return value
  }

  private mutating func add(_ value: LabelValue, _ list: List) {
    let number = path.index(atDepth: 2)
    guard case .object(let fields) = value else {
      let reason = LabelError.Reason.value("is not an object")
      return content.addFault(
        JSONFailure(reason: reason, line: recordLine, path: "\(list.rawValue)[\(number)]"))
    }
    let record = COCORecord(fields, list: list.rawValue, number: number, line: recordLine)
    switch list {
    case .images: content.addImage(record)
    case .categories: content.addCategory(record)
    case .annotations: content.addAnnotation(record, geometry)
    }
  }
}
