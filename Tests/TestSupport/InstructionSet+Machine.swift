package import Imaging

/// What a limit on the instruction set means on this machine, so that no test takes one for limited that is not.
extension ImagingRuntime.InstructionSet {
  /// Highway's name of this machine's best. Whoever sets a limit must have read this before: a limit is the whole
  /// process's, and the tests of several targets share one.
  package static let ofMachine: String = ImagingRuntime.instructionSet

  /// Highway's name of the best that the limit allows; `nil` for no limit.
  package var highwayName: String? {
    switch self {
    case .plain: "EMU128"
    case .sse4: "SSE4"
    case .avx2: "AVX2"
    case .best: nil
    }
  }

  /// Whether this machine has better, so that the limit changes something.
  package var isBelowBest: Bool {
    // From the least of an x86 processor; the best have several names, such as AVX3_DL.
    let names = ["EMU128", "SSE2", "SSSE3", "SSE4", "AVX2", "AVX3"]
    guard let own = names.firstIndex(where: { $0 == highwayName }) else { return false }
    // Of a processor of another family, plain code is the only limit.
    guard let best = names.firstIndex(where: { Self.ofMachine.hasPrefix($0) }) else { return self == .plain }
    return own < best
  }
}
