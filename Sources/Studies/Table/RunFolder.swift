internal import FoundationEssentials
internal import Platform
internal import SystemPackage

/// A kept run: what was to be measured, on what, and the rows that there are.
public struct Study: Sendable {
  /// Where it lies.
  public let folder: String
  /// What `study.json` says.
  public let description: StudyDescription
  /// What `machine.json` says; `nil` where it is missing.
  public let machine: MachineFacts?
  /// The command that made it; "" where it was not kept.
  public let command: String
  /// What `runs.csv` holds, in its order; a line that was torn when the run was killed is left out.
  public let rows: [StudyRow]

  /// The rows by cell.
  public var summaries: [ConfigurationSummary] { ConfigurationSummary.summaries(of: rows) }

  /// A run that was made by hand.
  public init(
    folder: String, description: StudyDescription, machine: MachineFacts?, command: String, rows: [StudyRow]
  ) {
    (self.folder, self.description, self.machine) = (folder, description, machine)
    (self.command, self.rows) = (command, rows)
  }

  /// Reads a folder that `strong`, `weak` or `compare` has left.
  public static func load(_ folder: String) throws(StudyError) -> Study {
    let files = RunFolder(folder)
    guard let description = try files.description() else {
      throw StudyError("\(folder): no run of a study lies here, as there is no \(RunFolder.descriptionName)")
    }
    return Study(
      folder: folder, description: description, machine: try files.decoded(MachineFacts.self, RunFolder.machineName),
      command: try files.text(RunFolder.commandName) ?? "", rows: try files.rows())
  }
}

/// Why a study cannot go on; one sentence.
public struct StudyError: Error, Hashable, Codable, Sendable, CustomStringConvertible {
  /// For people.
  public let description: String
  /// Whether the machine had no more of something that it may have again soon.
  public var isShortage = false
  /// Whether there is a run already that could be gone on with.
  public var isResumable = false
  /// The signal that ended it.
  public var signal: Int32?

  /// The error that the sentence tells.
  public init(_ description: String) { self.description = description }

  /// The error that the sentence tells.
  init(_ description: String, isShortage: Bool) {
    self.init(description)
    self.isShortage = isShortage
  }
}

/// The files of a run.
public struct RunFolder: Sendable {
  /// "runs.csv"
  public static let rowsName = "runs.csv"
  /// "study.json"
  public static let descriptionName = "study.json"
  /// "machine.json"
  public static let machineName = "machine.json"
  /// "command.txt"
  public static let commandName = "command.txt"

  /// Where they lie.
  public let path: String

  /// The folder at `path`.
  public init(_ path: String) { self.path = path }

  /// Whether a run has been begun here.
  public var holdsRun: Bool {
    [Self.descriptionName, Self.rowsName].contains { Folder.working.holds(FilePath(text: file($0))) }
  }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// What `study.json` says; `nil` where there is none.
  public func description() throws(StudyError) -> StudyDescription? {
    try decoded(StudyDescription.self, Self.descriptionName)
  }

  /// The whole rows of `runs.csv`; none where the file is missing.
  public func rows() throws(StudyError) -> [StudyRow] {
    try StudyRow.rows(text: try text(Self.rowsName) ?? "", path: file(Self.rowsName))
  }

  /// The text of a file; `nil` where there is none.
  func text(_ name: String) throws(StudyError) -> String? {
    do throws(FileError) {
      return try File.text(FilePath(text: file(name)))
    } catch {
      throw StudyError(error)
    }
  }

  func decoded<Value: Decodable>(_ type: Value.Type, _ name: String) throws(StudyError) -> Value? {
    guard let text = try text(name) else { return nil }
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw StudyError("\(file(name)): not as a study writes it (\(Self.reason(error)))")
    }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" is of another kind"
    default: "no JSON"
    }
  }
}
