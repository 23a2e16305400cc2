internal import Imaging
package import Platform

/// Why a label file cannot be used, and where.
package struct LabelError: Error, Hashable, Sendable {
  /// The path of the file or folder.
  package var file: String
  /// From 1, if known.
  package var line: Int?
  /// The place inside the file, such as `annotations[3].bbox`; empty if the line says it all.
  package var path: String
  package var reason: Reason

  package enum Reason: Error, Hashable, Sendable {
    case unusable(FileError)
    case tooLarge(byteLimit: Int)
    case outOfMemory
    /// Not UTF-8.
    case notText
    /// Not of the language, such as XML, in which labels of its format are written; the text is the parser's.
    case syntax(language: String, String)
    /// A document type, whose entities could expand without end.
    case documentType
    case tooDeep(limit: Int)
    case tooManyValues(limit: Int)
    /// Something that must be there: `<bndbox>`, "a name".
    case missing(String)
    /// A value that cannot be: "must be a finite number, not "nan"".
    case value(String)
    /// No format recognises what lies there.
    case noLabels
  }

  package init(_ reason: Reason, in file: String, line: Int? = nil, path: String = "") {
    (self.file, self.line, self.path, self.reason) = (file, line, path, reason)
  }

  /// Whether the machine is short of something, so that another try may succeed.
  package var isShortage: Bool {
    switch reason {
    case .unusable(let error): error.isShortage
    case .outOfMemory: true
    default: false
    }
  }
}

extension LabelError: CustomStringConvertible {
  /// One sentence: `labels/a.txt:3: must have 5 numbers, not 4`.
  package var description: String {
    let file = printable(file.unicodeScalars)
    let place = line.map { "\(file):\($0)" } ?? file
    return [place, printable(path.unicodeScalars), reason.description].filter { !$0.isEmpty }.joined(separator: ": ")
  }
}

extension LabelError.Reason: CustomStringConvertible {
  /// A sentence fragment without the place.
  package var description: String {
    switch self {
    case .unusable(let error): error.reason
    case .tooLarge(let byteLimit): "is larger than \(byteLimit >> 20) MiB"
    case .outOfMemory: "cannot be read: out of memory"
    case .notText: "is not text in UTF-8"
    case .syntax(let language, let text): "is not \(language): \(text)"
    case .documentType: "has a document type (<!DOCTYPE>), which labels do without"
    case .tooDeep(let limit): "is nested more than \(limit) levels deep"
    case .tooManyValues(let limit): "has more than \(limit) values"
    case .missing(let what): "has no \(what)"
    case .value(let text): text
    case .noLabels:
      "no labels here: neither a .json file (COCO), nor a folder of .xml (Pascal VOC) or .txt files (YOLO)"
    }
  }
}

extension LabelError: Codable {
  private enum Key: String, CodingKey { case file, line, path, reason }

  /// Encodes the reason as its text.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(file, forKey: .file)
    try container.encode(line, forKey: .line)
    try container.encode(path, forKey: .path)
    try container.encode(reason.description, forKey: .reason)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(
      .value(try container.decode(String.self, forKey: .reason)), in: try container.decode(String.self, forKey: .file),
      line: try container.decode(Int?.self, forKey: .line), path: try container.decode(String.self, forKey: .path))
  }
}
