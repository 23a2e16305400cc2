internal import FoundationEssentials
package import Imaging
internal import Platform

/// What became of a task: a line of the manifest.
package struct ManifestEntry: Sendable {
  package enum Outcome: Hashable, Sendable {
    case made
    /// With the reason.
    case failed(String)
    /// It makes no file although nothing failed, for this reason.
    case leftOut(String)
  }

  /// Number of the output in the whole plan: that of its image times the outputs of an image, plus its own.
  package var id: Int
  package var outcome: Outcome
  /// Relative to the output folder.
  package var output: String
  /// Relative to the input folder.
  package var source: String
  /// Number among the outputs of its image.
  package var copy: Int
  package var product = ProductRecord()
  package var milliseconds = 0.0
  /// `nil` in a run without labels.
  package var labels: LabelOutcome?
  /// Damage that was decoded around, and other oddities.
  package var notes: [String] = []
  /// Of an output that is a tar: what became of its images.
  package var tar: TarOutcome?

  package init(_ output: PlannedOutput, id: Int, source: String, _ outcome: Outcome) {
    (self.id, self.outcome, self.output, self.source, copy) = (id, outcome, output.path, source, output.number)
  }

  /// Of a tar.
  package init(_ tar: InputTar, id: Int, _ outcome: Outcome) {
    (self.id, self.outcome, output, source, copy) = (id, outcome, tar.output, tar.path, 0)
  }

  /// Of a download.
  package init(id: Int, url: String, output: String, _ outcome: Outcome) {
    (self.id, self.outcome, self.output, source, copy) = (id, outcome, output, url, 0)
  }

  /// The image file; `nil` if there is none.
  package var image: FileRecord? { product.files.first { $0.path == output } }
}

extension ManifestEntry {
  /// The first fields come in this order, so that `ManifestHead` reads them without the rest.
  package var line: String {
    var json = JSONText()
    json.append("{\"id\":")
    json.append(id)
    json.append(",\"status\":\"")
    json.append(Array(word.utf8))
    json.append("\",\"bytes\":")
    json.append(image?.byteCount ?? 0)
    json.append(",\"output\":")
    json.append(quoting: output)
    json.append(",\"source\":")
    json.append(quoting: source)
    if let file = product.source {
      json.append(",\"sourceFile\":")
      json.append(file)
    }
    json.append(",\"copy\":")
    json.append(copy)
    appendReason(&json)
    json.append(",\"files\":")
    json.append(list: product.files) { json, file in json.append(file) }
    if !product.draw.isEmpty {
      json.append(",\"transforms\":")
      json.append(product.draw)
    }
    json.append(",\"milliseconds\":")
    json.append(milliseconds)
    if let labels {
      json.append(",\"labels\":")
      json.append(labels)
    }
    if !notes.isEmpty {
      json.append(",\"notes\":")
      json.append(list: notes) { json, note in json.append(quoting: note) }
    }
    if let tar {
      json.append(",\"tar\":")
      json.append(tar.json)
    }
    json.append("}")
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private func appendReason(_ json: inout JSONText) {
    guard let reason else { return }
    json.append(",\"reason\":")
    json.append(quoting: reason)
  }

  var word: String {
    switch outcome {
    case .made: "made"
    case .failed: "failed"
    case .leftOut: "left out"
    }
  }

  package var reason: String? {
    switch outcome {
    case .made: nil
    case .failed(let reason), .leftOut(let reason): reason
    }
  }
}

/// A line of a manifest as it is read.
package struct ManifestLine: Decodable {
  package var id: Int
  package var status: String
  package var output: String
  package var source: String
  /// `nil`: it was not read.
  package var sourceFile: FileRecord?
  package var copy: Int
  package var reason: String?
  package var files: [FileRecord]
  /// What was drawn; `nil` if nothing was.
  package var transforms: RecordedSample?
  package var milliseconds: Double
  package var labels: LabelOutcome?
  package var notes: [String]?
  package var tar: TarOutcome?

  private enum Key: String, CodingKey {
    case id, status, output, source, sourceFile, copy, reason, files, transforms, milliseconds, labels, notes, tar
  }

  package init(_ line: ArraySlice<UInt8>) throws {
    self = try JSONDecoder().decode(ManifestLine.self, from: Data(line))
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    id = try container.decode(Int.self, forKey: .id)
    status = try container.decode(String.self, forKey: .status)
    output = try container.decode(String.self, forKey: .output)
    source = try container.decode(String.self, forKey: .source)
    sourceFile = try container.decodeIfPresent(FileRecord.self, forKey: .sourceFile)
    copy = try container.decode(Int.self, forKey: .copy)
    reason = try container.decodeIfPresent(String.self, forKey: .reason)
    files = try container.decode([FileRecord].self, forKey: .files)
    // A decoder of its own: that of the line moves on.
    if container.contains(.transforms) {
      transforms = try RecordedSample(from: container.superDecoder(forKey: .transforms))
    }
    milliseconds = try container.decode(Double.self, forKey: .milliseconds)
    labels = try container.decodeIfPresent(LabelOutcome.self, forKey: .labels)
    notes = try container.decodeIfPresent([String].self, forKey: .notes)
    tar = try container.decodeIfPresent(TarOutcome.self, forKey: .tar)
  }

  package var isMade: Bool { status == "made" }
}

/// The beginning of a line, which tells whether the output is there. A run of a hundred thousand is resumed in less than
/// the time that a reader of JSON needs for its lines.
struct ManifestHead: Hashable {
  var id: Int
  /// "made", "failed" or "left out".
  var status: Substring
  /// Size of the image.
  var byteCount: Int

  /// - Returns: `nil` for a line of another kind.
  init?(_ line: ArraySlice<UInt8>) {
    var rest = line
    guard rest.take("{\"id\":"), let id = rest.takeNumber(), rest.take(",\"status\":\"") else { return nil }
    let word = rest.prefix { $0 != UInt8(ascii: "\"") }
    rest.removeFirst(word.count)
    guard rest.take("\",\"bytes\":"), let byteCount = rest.takeNumber(), rest.take(",") else { return nil }
    (self.id, status, self.byteCount) = (id, Substring(decoding: word, as: UTF8.self), byteCount)
  }
}

extension ArraySlice<UInt8> {
  fileprivate mutating func take(_ text: StaticString) -> Bool {
    let expected = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard unsafe starts(with: expected) else { return false }
    removeFirst(expected.count)
    return true
  }

  fileprivate mutating func takeNumber() -> Int? {
    let digits = prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    removeFirst(digits.count)
    guard !digits.isEmpty, digits.count <= 18 else { return nil }
    return digits.reduce(0) { 10 * $0 + Int($1 - UInt8(ascii: "0")) }
  }
}
