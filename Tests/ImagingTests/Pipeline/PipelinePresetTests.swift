import Foundation
import Imaging
import TestSupport
import Testing

/// Pipelines that are known by name.
struct PipelinePresetTests {
  @Test(arguments: PipelinePreset.allCases)
  func presetIsReadAsItself(preset: PipelinePreset) throws {
    let pipeline = preset.pipeline
    #expect(try Pipeline(text: pipeline.serialized, file: "p.json") == pipeline)
  }

  /// No draw leaves a transform out because it needs colours, and each kind of step is drawn.
  @Test func thermalPipelineIsForGreyImages() {
    let shape = ImageShape(width: 64, height: 48, channels: 1)
    var names: Set<String> = []
    for copy in 0..<500 {
      let sample = PipelinePreset.thermal.pipeline.sample(
        for: shape, key: StreamKey(seed: 3, path: "street.jpg", copy: copy))
      #expect(sample.skipped.isEmpty && sample.outputShape == shape)
      names.formUnion(sample.transforms.map(\.name))
    }
    #expect(names.count == PipelinePreset.thermal.pipeline.nodes.count { $0.children.isEmpty })
    #expect(names.isDisjoint(with: ["HueSaturationValue", "ChannelShuffle", "ISONoise", "VerticalFlip"]))
  }

  @Test func defaultPresetIsTheDefaultPipeline() { #expect(PipelinePreset.default.pipeline == .default) }

  /// The file that the Python side of the benchmark reads.
  @Test func fileOfTheDetectionBenchmarkIsTheThermalPipeline() throws {
    let file = PackageFolder.url.appending(path: "experiments/detection/thermal.json").path(percentEncoded: false)
    #expect(try Pipeline(file: file) == PipelinePreset.thermal.pipeline)
  }
}
