/// Why a pipeline file cannot be used, with the place of the error.
package struct PipelineError: Error, Hashable, Sendable {
  /// The file as named by the caller.
  package var file: String
  /// The line, from 1, if known.
  package var line: Int?
  /// The path inside the file, such as `transform.transforms[1].gamma_limit`; empty for the file as a whole.
  package var path: String
  package var reason: Reason

  package enum Reason: Error, Hashable, Sendable {
    /// The file cannot be read; the text is the system's.
    case unreadable(String)
    /// The file exceeds the byte limit.
    case tooLarge(byteLimit: Int)
    /// No memory is left to read it.
    case outOfMemory
    /// No content except blanks and comments.
    case empty
    /// Not UTF-8 text.
    case notText
    /// Neither JSON nor YAML; the text is the parser's.
    case syntax(String)
    /// A key occurs twice in one object.
    case duplicateKey(String)
    /// Values are nested deeper than the limit.
    case tooDeep(limit: Int)
    /// The file holds more values than the limit.
    case tooManyValues(limit: Int)
    /// One copy could visit more nodes than the limit.
    case tooLong(limit: Int)
    /// A reference to another part of the file (`*name` in YAML).
    case alias
    /// A class that is neither a composition nor a supported transform, with the nearest known name.
    case unknownName(String, nearest: String?)
    /// A key unknown to its object, with the nearest known key.
    case unknownKey(owner: String, nearest: String?)
    /// A required key is missing.
    case missing(key: String)
    /// A value that is invalid for its key: "must be 0 or more, not -3".
    case value(String)
  }
}

extension PipelineError: CustomStringConvertible {
  /// One sentence: `p.json:12: transform.transforms[1].p: must be between 0 and 1, not 2`.
  package var description: String {
    let file = printable(file.unicodeScalars)
    let place = line.map { "\(file):\($0)" } ?? file
    return [place, printable(path.unicodeScalars), reason.description].filter { !$0.isEmpty }.joined(separator: ": ")
  }
}

extension PipelineError.Reason: CustomStringConvertible {
  /// A sentence fragment without the place.
  package var description: String {
    switch self {
    case .unreadable(let text): "cannot be read: \(text)"
    case .tooLarge(let byteLimit): "is not a pipeline: it is larger than \(byteLimit >> 20) MiB"
    case .outOfMemory: "cannot be read: out of memory"
    case .empty: "is empty"
    case .notText: "is not a text file (JSON or YAML in UTF-8)"
    case .syntax(let text): "is neither JSON nor YAML: \(text)"
    case .duplicateKey(let key): "the key \(quoted(key)) occurs twice in one object"
    case .tooDeep(let limit): "values are nested more than \(limit) levels deep"
    case .tooManyValues(let limit): "is not a pipeline: it has more than \(limit) values"
    case .tooLong(let limit): "one copy could pass through more than \(limit) nodes"
    case .alias: "references to other parts of the file (*name) are not supported"
    case .unknownName(let name, let nearest): "unknown transform \(quoted(name))" + question(nearest)
    case .unknownKey(let owner, let nearest): "unknown parameter of \(owner)" + question(nearest)
    case .missing(let key): "has no \"\(key)\""
    case .value(let text): text
    }
  }

  private func question(_ nearest: String?) -> String { nearest.map { "; did you mean \"\($0)\"?" } ?? "" }
}
