internal import Datasets
internal import FoundationEssentials
internal import Imaging
internal import Platform
internal import Strategies
internal import Studies
internal import SystemPackage

/// The objects that copies do not keep: kept while a run goes on, and written in the order of its tasks.
struct LossReport {
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

  private let path: String
  private let format: Format
  private var losses: [(task: Int, loss: LabelLoss)] = []

  init?(_ path: String?) {
    guard let path, let format = Format(path) else { return nil }
    (self.path, self.format) = (path, format)
  }

  mutating func add(_ task: Int, _ outcome: LabelOutcome) {
    losses += outcome.losses.map { (task, $0) }
  }

  /// Writes the file; it appears whole or not at all.
  func write(_ plan: Plan) throws(Failure) {
    let sorted = losses.sorted { ($0.task, $0.loss.object) < ($1.task, $1.loss.object) }
    let rows = sorted.compactMap { Row($0.task, $0.loss, plan) }
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

  /// An object that a copy does not keep.
  private struct Row: Encodable {
    var source, output: String
    /// Counted from 1, as the label lists them.
    var object: Int
    var className: String
    /// As in the label: pixels, or shares of the image.
    var box: [Double]
    var unit: String
    var reason: String
    var visibility: Double

    static let names = ["source", "output", "object", "class", "x1", "y1", "x2", "y2", "unit", "reason", "visibility"]

    private enum CodingKeys: String, CodingKey {
      case source, output, object, className = "class", box, unit, reason, visibility
    }

    /// `nil` for a task without output or labels.
    init?(_ task: Int, _ loss: LabelLoss, _ plan: Plan) {
      guard let output = plan.output(ofTask: task), let image = plan.labels?.labels(of: output.imageIndex) else {
        return nil
      }
      guard image.objects.indices.contains(loss.object) else { return nil }  // from a worker gone wrong
      let object = image.objects[loss.object]
      (source, self.output, self.object) = (plan.images[output.imageIndex].path, output.path, loss.object + 1)
      (className, unit, reason) = (object.className, object.unit.rawValue, loss.reason.rawValue)
      box = [object.box.upperLeft.x, object.box.upperLeft.y, object.box.lowerRight.x, object.box.lowerRight.y]
      visibility = (loss.visibility * 1e4).rounded() / 1e4
    }

    var fields: [String] {
      [CSV.field(source), CSV.field(output), String(object), CSV.field(className)] + box.map { Imaging.format($0) }
        + [unit, reason, Imaging.format(visibility)]
    }
  }
}
