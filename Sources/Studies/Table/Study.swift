internal import Platform
internal import ProcPool
internal import Strategies

/// A stored run: its description, machine and rows.
package struct Study: Sendable {
  package let folder: String
  /// From `study.json`.
  package let description: StudyDescription
  /// From `machine.json`; `nil` if it is missing.
  package let machine: MachineFacts?
  /// From `command.txt`; "" if it is missing.
  package let command: String
  /// From `runs.csv`, in order, without a partial last line that a killed run left.
  package let rows: [StudyRow]

  /// The last part of the folder's path.
  var folderName: String { folder.split(separator: "/").last.map(String.init) ?? folder }

  /// The rows grouped by cell.
  package var summaries: [ConfigurationSummary] { ConfigurationSummary.summaries(of: rows) }

  package init(
    folder: String, description: StudyDescription, machine: MachineFacts?, command: String, rows: [StudyRow]
  ) {
    (self.folder, self.description, self.machine) = (folder, description, machine)
    (self.command, self.rows) = (command, rows)
  }

  /// Reads a folder written by `strong`, `weak` or `compare`.
  package static func load(_ folder: String) throws(StudyError) -> Study {
    let files = RunFolder(folder)
    guard let description = try files.description() else {
      throw StudyError("\(folder): not a run of a study: there is no \(RunFolder.descriptionName)")
    }
    return Study(
      folder: folder, description: description, machine: try files.decoded(MachineFacts.self, RunFolder.machineName),
      command: try files.text(RunFolder.commandName) ?? "", rows: try files.rows())
  }
}

/// Why a study cannot continue; one sentence.
package struct StudyError: Error, Hashable, Codable, Sendable, CustomStringConvertible {
  package let description: String
  /// Whether the machine ran out of a resource that may soon be available again.
  package var isShortage = false
  /// A run that the folder holds already.
  package enum KeptRun: String, Codable, Sendable { case resumable, ofAnotherPlan }
  /// The run in the folder, if that is in the way.
  package var keptRun: KeptRun?
  /// The signal that stopped the study.
  package var signal: Int32?

  package init(_ description: String) { self.description = description }

  init(_ description: String, isShortage: Bool) {
    self.init(description)
    self.isShortage = isShortage
  }
}

extension StudyError {
  init(_ error: FileError) { self.init(error.description, isShortage: error.isShortage) }

  /// Why a process of a study failed.
  init(_ error: PoolError) {
    switch error {
    case .taskFailed(let failure):
      if let error = failure.error as? WorkloadError {
        self.init(error.description, isShortage: error.isShortage)
      } else {
        self = failure.error as? StudyError ?? StudyError(Self.sentence(failure))
      }
    case .stopped(let number):
      self.init(String(describing: error))
      signal = number
    default:
      self.init(String(describing: error))
      isShortage = error.isShortage
    }
  }

  private static func sentence(_ failure: TaskFailure) -> String {
    switch failure.cause {
    case .threw(_, let text): text
    case .workerEnded(let end): "its process \(end)"
    case .timedOut(let seconds): "not done after \(NumberText.fixed(seconds, seconds < 1 ? 4 : 0)) s"
    case .notRun: "it was not run"
    }
  }
}

extension StudyError {
  /// Runs `body` and turns its error into the reason why the study cannot continue.
  static func wrapping<Value>(_ body: () throws(FileError) -> Value) throws(StudyError) -> Value {
    do throws(FileError) {
      return try body()
    } catch {
      throw StudyError(error)
    }
  }

  static func wrapping<Value>(_ body: () throws(PoolError) -> Value) throws(StudyError) -> Value {
    do throws(PoolError) {
      return try body()
    } catch {
      throw StudyError(error)
    }
  }
}
