internal import Datasets
internal import FoundationEssentials
internal import Imaging
internal import Platform
internal import Studies
internal import SystemPackage

/// What a run has to tell of single files: images that failed or are damaged, copies that were left out, objects that
/// copies do not keep. Kept while the run goes on, and written in the order of the images.
struct RunReport {
  enum Format {
    case csv, json

    /// By the extension of a file.
    init?(_ path: String) {
      switch path.lowercased() {
      case let path where path.hasSuffix(".csv"): self = .csv
      case let path where path.hasSuffix(".json"): self = .json
      default: return nil
      }
    }
  }

  enum Event: String, Encodable {
    case failed, noted, leftOut = "left out", dropped
  }

  private let path: String
  private let format: Format
  private var rows: [Row] = []

  init?(_ path: String?) {
    guard let path, let format = Format(path) else { return nil }
    (self.path, self.format) = (path, format)
  }

  /// Adds what is about a whole image.
  mutating func add(_ event: Event, of source: String, _ reason: String) {
    rows.append(Row(event, source: source, reason: reason))
  }

  /// Adds a copy that is not made.
  mutating func add(leftOut number: Int, in plan: Plan, _ reason: String) {
    guard let output = plan.output(numbered: number) else { return }
    var row = Row(.leftOut, source: plan.images[output.imageIndex].path, reason: reason)
    (row.number, row.output) = (number, output.path)
    rows.append(row)
  }

  /// Adds the objects that a copy does not keep.
  mutating func add(_ losses: [LabelLoss], of number: Int, in plan: Plan) {
    guard !losses.isEmpty, let output = plan.output(numbered: number),
      let image = plan.labels?.labels(of: output.imageIndex)
    else { return }
    // Others are from a worker gone wrong.
    for loss in losses where image.objects.indices.contains(loss.object) {
      let object = image.objects[loss.object]
      var row = Row(.dropped, source: plan.images[output.imageIndex].path, reason: loss.reason.rawValue)
      (row.number, row.output, row.object) = (number, output.path, loss.object + 1)
      (row.className, row.unit) = (object.className, object.unit.rawValue)
      row.box = [object.box.upperLeft.x, object.box.upperLeft.y, object.box.lowerRight.x, object.box.lowerRight.y]
      row.visibility = (loss.visibility * 1e4).rounded() / 1e4
      rows.append(row)
    }
  }

  /// Writes the file; it appears whole or not at all.
  func write() throws(Failure) {
    let rows = rows.sorted(by: Row.isInOrder)
    do {
      try AtomicFile.write(to: FilePath(text: path)) { append in
        switch format {
        case .csv:
          try append(Array("\(Row.names.joined(separator: ","))\n".utf8))
          for row in rows { try append(Array("\(row.fields.joined(separator: ","))\n".utf8)) }
        case .json:
          for (index, row) in rows.enumerated() {
            try append(Array("\(index == 0 ? "[" : ",")\n\(JSONText.line(row))".utf8))
          }
          try append(Array((rows.isEmpty ? "[]\n" : "\n]\n").utf8))
        }
      }
    } catch {
      throw Failure(at: path, error)
    }
  }

  private struct Row: Encodable {
    var event: Event
    var source: String
    /// The copy; `nil`: it is about the whole image.
    var output: String?
    /// Counted from 1, as the label lists them; `nil`: it is about no object.
    var object: Int?
    var className: String?
    /// As in the label: pixels, or shares of the image.
    var box: [Double]?
    var unit: String?
    var reason: String
    var visibility: Double?
    /// Of the output in the plan.
    var number = -1

    static let names = [
      "source", "output", "object", "class", "x1", "y1", "x2", "y2", "unit", "reason", "visibility", "event",
    ]

    private enum CodingKeys: String, CodingKey {
      case source, output, object, className = "class", box, unit, reason, visibility, event
    }

    init(_ event: Event, source: String, reason: String) {
      (self.event, self.source, self.reason) = (event, source, reason)
    }

    static func isInOrder(_ left: Row, _ right: Row) -> Bool {
      guard left.source == right.source else { return left.source.utf8.lexicographicallyPrecedes(right.source.utf8) }
      return (left.number, left.object ?? 0, left.reason) < (right.number, right.object ?? 0, right.reason)
    }

    var fields: [String] {
      let sides = box.map { $0.map { Imaging.format($0) } } ?? ["", "", "", ""]
      return [CSV.field(source), CSV.field(output ?? ""), object.map(String.init) ?? ""]
        + [CSV.field(className ?? "")] + sides + [unit ?? "", CSV.field(reason)]
        + [visibility.map { Imaging.format($0) } ?? "", event.rawValue]
    }
  }
}
