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
    /// A reference (`*name` in YAML) to a value that was not named before.
    case unknownAnchor(String)
    /// Classes that cannot run here, each once; the place is that of the first.
    case missing([MissingClass])
    /// A key unknown to its object, with the nearest known key.
    case unknownKey(owner: String, nearest: String?)
    /// A required key is missing.
    case missingKey(String)
    /// Several pipelines and no choice among them, or a choice of one that is not there.
    case severalPipelines([String], wanted: String?)
    /// A Python program.
    case python
    /// A folder in which Albumentations has saved nothing.
    case folder
    /// A text that another program is to replace, such as `${size}`.
    case interpolation(String)
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
    case .unknownAnchor(let name):
      "*\(printable(name.unicodeScalars.prefix(60))) is used before a value is named &\(printable(name.unicodeScalars.prefix(60)))"
    case .missing(let classes): MissingClass.sentence(classes)
    case .unknownKey(let owner, let nearest): "unknown parameter of \(owner)" + question(nearest)
    case .missingKey(let key): "has no \"\(key)\""
    case .severalPipelines(let names, let wanted): choice(names, wanted)
    case .python:
      "is a Python program; have it save its pipeline, with A.save(pipeline, 'pipeline.json'), and give that file"
    case .folder: "is a folder without a file albumentations_config_*.json"
    case .interpolation(let text): "holds \(quoted(text)), which must be resolved first"
    case .value(let text): text
    }
  }

  private func choice(_ names: [String], _ wanted: String?) -> String {
    let list = names.prefix(20).map(quoted).joined(separator: ", ") + (names.count > 20 ? ", ..." : "")
    if let wanted { return "has no \(quoted(wanted))" + (names.isEmpty ? "" : "; it has \(list)") }
    return "holds several pipelines; name one after a colon, as in FILE:NAME, of \(list)"
  }

  private func question(_ nearest: String?) -> String { nearest.map { "; did you mean \"\($0)\"?" } ?? "" }
}
