import Foundation
import Imaging
import TestSupport
import Testing

/// Pipelines with random parameters, most of them at or beyond their limits: each is refused with a sentence, or runs.
struct PipelineFuzzTests {
  /// Per transform. Few, because every run of the tests makes them; AUGMENT_FUZZ=1000 asks for more.
  private static let count = ProcessInfo.processInfo.environment["AUGMENT_FUZZ"].flatMap { Int($0) } ?? 60
  private static let shapes = [(1, 1, 3), (5, 3, 1), (260, 240, 3)].map { width, height, channels in
    ImageShape(width: width, height: height, channels: channels)
  }
  /// An output of more pixels would only take time.
  private static let pixelLimit = 1 << 20

  @Test(.timeLimit(.minutes(10)), arguments: TransformCatalog.all.map { $0.name })
  func everyPipelineIsRefusedOrRuns(transform name: String) throws {
    let type = try #require(TransformCatalog.type(named: name))
    var random = SeededGenerator(seed: name.utf8.reduce(7) { ($0 * 31 + Int($1)) % 1_000_003 })
    var runCount = 0
    for _ in 0..<Self.count {
      let text = Self.mutant(of: type.example, named: name, &random)
      let pipeline: Pipeline
      do {
        pipeline = try Pipeline(text: text, file: "fuzz")
      } catch {
        #expect("\(error)".contains("fuzz"), "\(text): \(error)")
        continue
      }
      #expect(throws: Never.self, "\(text)") { _ = try Pipeline(text: pipeline.serialized, file: "again") }
      for (copy, shape) in Self.shapes.enumerated() {
        let scene = SampleScene(objectIn: shape)
        let sample = pipeline.sample(for: shape, key: StreamKey(seed: 1, path: text, copy: copy), scene: scene)
        let output = sample.outputShape
        if sample.failure != nil || output.width * output.height > Self.pixelLimit { continue }
        var result = Image()
        var runner = PipelineRunner()
        try runner.run(sample.operations, on: Image(color: Picture.noise(shape)), into: &result)
        #expect(result.color.shape == output, "\(text)")
        runCount += 1
      }
    }
    #expect(runCount > 0)
  }

  /// The transform with one to three other parameters.
  private static func mutant(
    of transform: any Transform, named name: String, _ random: inout SeededGenerator
  ) -> String {
    var fields = transform.parameterTexts.map { (name: $0.name, value: $0.value) }
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      guard let place = fields.indices.randomElement(using: &random) else { break }
      fields[place].value = mutant(of: fields[place].value, &random)
    }
    let members = fields.map { ", \"\($0.name)\": \($0.value)" }.joined()
    return "{\"__class_fullname__\": \"\(name)\", \"p\": 1.0\(members)}"
  }

  private static let numbers = [
    "0", "1", "2", "3", "7", "8", "100", "255", "256", "1000", "65535", "1e6", "1e300", "-1", "-0.3", "0.001", "0.5",
    "0.999",
    "1.5", "1e-9", "179.5", "-1e6",
  ]

  /// A value of the same kind, mostly.
  private static func mutant(of value: String, _ random: inout SeededGenerator) -> String {
    func number() -> String { numbers.randomElement(using: &random) ?? "0" }
    switch Int.random(in: 0..<12, using: &random) {
    case 0: return ["null", "true", "false", "\"x\"", "[]", "{}"].randomElement(using: &random) ?? "null"
    case 1: return "[\(number()), \(number())]"
    case 2: return number()
    default: break
    }
    if value == "true" || value == "false" { return Bool.random(using: &random) ? "true" : "false" }
    // Each number of the text becomes another, in some order that may or may not be a range.
    var mutant = ""
    var isInNumber = false
    for character in value {
      let belongsToNumber = character.isNumber || "+-.e".contains(character) && (isInNumber || character == "-")
      if belongsToNumber, !isInNumber { mutant += number() }
      if !belongsToNumber { mutant.append(character) }
      isInNumber = belongsToNumber
    }
    return mutant
  }
}
