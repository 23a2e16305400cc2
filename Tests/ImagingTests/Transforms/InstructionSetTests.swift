import Imaging
import TestSupport
import Testing

/// Every transform, with any parameters, gives the same bytes on every instruction set. Serialized, because a limit is
/// the whole process's.
@Suite(.serialized)
struct InstructionSetTests {
  @Test(arguments: ImagingRuntime.InstructionSet.allCases.filter { $0 != .best })
  func bytesAreThoseOfTheBestInstructionSet(limit: ImagingRuntime.InstructionSet) throws {
    guard limit.isBelowBest else {
      try Test.cancel("\(limit) is not below the best of this machine, \(ImagingRuntime.InstructionSet.ofMachine)")
    }
    let best = try results()
    // Other tests may run under any limit meanwhile: a kernel's scratch memory is sized for the widest.
    ImagingRuntime.limitInstructions(to: limit)
    defer { ImagingRuntime.limitInstructions(to: .best) }
    try #require(ImagingRuntime.instructionSet == limit.highwayName)
    let limited = try results()
    for (one, other) in zip(limited, best) { #expect(one.bytes == other.bytes, "\(one.title)") }
  }

  @Test func withoutALimitTheBestIsUsed() {
    let best = ImagingRuntime.InstructionSet.ofMachine
    ImagingRuntime.limitInstructions(to: .plain)
    ImagingRuntime.limitInstructions(to: .best)
    #expect(ImagingRuntime.instructionSet == best)
  }

  /// The bytes of every transform for every shape.
  private func results() throws -> [(title: String, bytes: [UInt8])] {
    var results: [(title: String, bytes: [UInt8])] = []
    for transform in Variants.all {
      for shape in TransformPropertyTests.shapes where transform.reasonToSkip(shape) == nil {
        var random = StreamKey(seed: 12, path: "instructions", copy: 0).stream(node: 0)
        let bytes = try transform.applied(to: Picture.noise(shape), using: &random).bytes
        results.append((title: "\(transform) \(shape)", bytes: bytes))
      }
    }
    return results
  }
}
