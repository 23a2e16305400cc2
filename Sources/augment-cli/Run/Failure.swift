internal import ArgumentParser
internal import Imaging
internal import ProcPool
internal import Strategies

/// The end of a run that failed as a whole: a sentence and an exit status.
struct Failure: Error, CustomStringConvertible {
  let description: String
  let status: ExitStatus

  init(_ description: String, _ status: ExitStatus = .runFailed) {
    (self.description, self.status) = (description, status)
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
