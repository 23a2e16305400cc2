internal import Datasets
internal import Imaging
internal import Platform
internal import ProcPool
internal import Strategies

/// The end of a run that failed as a whole: a sentence and an exit status.
struct Failure: Error, CustomStringConvertible {
  let description: String
  let status: ExitStatus

  init(_ description: String, _ status: ExitStatus = .runFailed) {
    (self.description, self.status) = (description, status)
  }

  /// An image or file at `path` that could not be used.
  init(at path: String, _ error: any Error) {
    self.init("\(path): \((error as? FileError)?.reason ?? String(describing: error))", of: error)
  }

  /// A sentence on what `error` ended; where it is a shortage, it may be tried again.
  init(_ description: String, of error: any Error) {
    let isShortage =
      switch error {
      case let error as FileError: error.isShortage
      case let error as PoolError: error.isShortage
      case let error as ImagingError: error == .outOfMemory
      default: error is SharedMemoryShortage
      }
    self.init(description, isShortage ? .tryAgain : .runFailed)
  }

  /// Calls `body`. What it throws becomes a sentence, with the option that is the remedy, where there is one.
  static func telling<Value>(_ body: () throws -> Value) throws(Failure) -> Value {
    do {
      return try body()
    } catch let failure as Failure {
      throw failure
    } catch let refusal as OutputFolder.Refusal {
      throw Failure(refusal)
    } catch let error as Plan.Collision {
      throw Failure("\(error): \(error.remedy)")
    } catch {
      throw Failure(String(describing: error), of: error)
    }
  }
}

extension Plan.Collision {
  /// What makes the names differ; `AdviceTests` tries each.
  fileprivate var remedy: String {
    if isFolder { return "choose another --name" }
    if isOfOneImage { return "choose another --name, with {copy}" }
    guard Self.stem(first) == Self.stem(second) else {
      return "choose another --name, in which {stem} stands apart from {copy}"
    }
    return "give --format keep, or rename one of them"
  }

  private static func stem(_ path: String) -> Substring {
    let name = path.lastPathComponent
    return name.lastIndex(of: ".").map { name[..<$0] } ?? name[...]
  }
}

extension Failure {
  /// A folder that a run may not write to, and what can be done about it.
  init(_ refusal: OutputFolder.Refusal) {
    switch refusal {
    case .unusable(let error): self.init(error.description, error.isShortage ? .tryAgain : .runFailed)
    case .notEmpty:
      self.init("\(refusal): name another folder, or give --overwrite to write over files of the same name")
    default: self.init(refusal.description)
    }
  }
}

/// What the exit status says.
enum ExitStatus {
  case done, someImagesFailed, runFailed, tryAgain
  case stopped(signal: Int32)

  var code: Int32 {
    switch self {
    case .done: 0
    case .someImagesFailed: 1
    case .runFailed: 2
    case .tryAgain: 75
    case .stopped(let signal): 128 + signal
    }
  }
}
