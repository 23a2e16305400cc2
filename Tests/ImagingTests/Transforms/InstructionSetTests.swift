import Imaging
import Testing

/// Every transform, however it is set, gives the same bytes whatever its kernels are compiled for.
struct InstructionSetTests {
  @Test func bytesAreTheSameOnEveryInstructionSet() throws {
    // Other tests that run meanwhile run on any of them: a kernel's memory has room for the widest.
    defer { ImagingRuntime.limitInstructions(to: .best) }
    for transform in Variants.all {
      for shape in TransformPropertyTests.shapes where transform.reasonToSkip(shape) == nil {
        let results = try ImagingRuntime.InstructionSet.allCases.map { set in
          ImagingRuntime.limitInstructions(to: set)
          var random = StreamKey(seed: 12, path: "instructions", copy: 0).stream(node: 0)
          return try transform.applied(to: Picture.noise(shape), using: &random).bytes
        }
        #expect(results.allSatisfy { $0 == results[0] }, "\(transform) \(shape)")
      }
    }
  }
}
