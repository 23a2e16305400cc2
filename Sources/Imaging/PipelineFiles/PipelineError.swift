/// Why a pipeline file cannot be used: where, and what is wrong there.
public struct PipelineError: Error, Hashable, Sendable {
  /// The file, as it was named by the caller.
  public var file: String
  /// The line, from 1, where it is known.
  public var line: Int?
  /// The place inside the file, such as `transform.transforms[1].gamma_limit`; empty for the file as a whole.
  public var path: String
  /// What is wrong.
  public var reason: Reason

  /// What can be wrong with a pipeline file.
  public enum Reason: Error, Hashable, Sendable {
    /// The system's text of why the file cannot be read.
    case unreadable(String)
    /// More bytes than a pipeline may have.
    case tooLarge(byteLimit: Int)
    /// No bytes, or none but blanks and comments.
    case empty
    /// Bytes that are no UTF-8 text.
    case notText
    /// Neither JSON nor YAML; the text is the parser's.
    case syntax(String)
    /// A key that stands twice in one object.
    case duplicateKey(String)
    /// Values within values, deeper than any pipeline goes.
    case tooDeep(limit: Int)
    /// More values than any pipeline has.
    case tooManyValues(limit: Int)
    /// A pipeline that may take more steps on one copy than anybody means.
    case tooLong(limit: Int)
    /// A reference to another part of the file (`*name` in YAML).
    case alias
    /// A class that is no composition and no transform here; the nearest name that is.
    case unknownName(String, nearest: String?)
    /// A key that its object does not have; the nearest that it has.
    case unknownKey(owner: String, nearest: String?)
    /// A key without which its object means nothing.
    case missing(key: String)
    /// A value that is impossible for its key: "must be 0 or more, not -3".
    case value(String)
  }
}

extension PipelineError: CustomStringConvertible {
  /// One sentence: `p.json:12: transform.transforms[1].p: must be between 0 and 1, not 2`.
  public var description: String {
    let file = printable(file.unicodeScalars)
    let place = line.map { "\(file):\($0)" } ?? file
    return [place, printable(path.unicodeScalars), reason.description].filter { !$0.isEmpty }.joined(separator: ": ")
  }
}

extension PipelineError.Reason: CustomStringConvertible {
  /// A sentence fragment for people, without the place.
  public var description: String {
    switch self {
    case .unreadable(let text): "cannot be read: \(text)"
    case .tooLarge(let byteLimit): "is no pipeline: it has more than \(byteLimit >> 20) MiB"
    case .empty: "is empty"
    case .notText: "is no text file (JSON or YAML in UTF-8)"
    case .syntax(let text): "is neither JSON nor YAML: \(text)"
    case .duplicateKey(let key): "the key \(quoted(key)) stands twice in one object"
    case .tooDeep(let limit): "values are nested more than \(limit) deep"
    case .tooManyValues(let limit): "is no pipeline: it has more than \(limit) values"
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
