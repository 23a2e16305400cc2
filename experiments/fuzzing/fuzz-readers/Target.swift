internal import Imaging
internal import Platform

/// What is fuzzed. Each tries bytes on one reader, and stops the process where a promise of that reader is broken.
enum Target {
  case image(ImageTarget)
  case pipeline
  case message
  case plan(RunTarget), listing(RunTarget), manifest(RunTarget)

  static let names = ImageFormat.allCases.map(\.rawValue) + ["pipeline", "message", "plan", "listing", "manifest"]

  init?(named name: String) {
    if let format = ImageFormat(rawValue: name) {
      self = .image(ImageTarget(format: format))
      return
    }
    switch name {
    case "pipeline": self = .pipeline
    case "message": self = .message
    case "plan": self = .plan(RunTarget())
    case "listing": self = .listing(RunTarget())
    case "manifest": self = .manifest(RunTarget())
    default: return nil
    }
  }

  /// - Returns: whether the bytes are of the kind that is fuzzed.
  func run(_ bytes: UnsafeRawBufferPointer) -> Bool {
    switch self {
    case .image(let target): return unsafe target.run(bytes)
    case .pipeline: return unsafe PipelineTarget.run(Array(bytes))
    case .message: unsafe MessageTarget.run(Array(bytes))
    case .plan(let target): unsafe target.readPlan(Array(bytes))
    case .listing(let target): unsafe target.readListing(Array(bytes))
    case .manifest(let target): unsafe target.readManifest(Array(bytes))
    }
    return true
  }
}

/// Stops the process if a promise is broken, so that libFuzzer keeps the input.
func promise(_ isKept: Bool, _ sentence: @autoclosure () -> String) {
  if !isKept { fatalError(sentence()) }
}
