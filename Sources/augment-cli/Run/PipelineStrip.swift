internal import Datasets
internal import Imaging
internal import Scenes

/// Draws what a pipeline does to one image, step by step.
struct PipelineStrip {
  let pipeline: Pipeline
  /// Selects the draw, as in `augment`.
  var seed: UInt64 = 0
  var copy = 0

  /// Steps in a row of the sheet.
  private static let columnCount = 6
  private static let cell = ImageSize(width: 320, height: 240)

  /// - Returns: what was drawn, and notes for the user: a line each.
  func draw(_ path: String, to output: String, as format: ImageFormat) throws -> [String] {
    let image = try Failure.telling(at: path) { try ImageFile.read(path) }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let sample = pipeline.sample(for: image.color.shape, key: StreamKey(seed: seed, path: name, copy: copy))
    let cellCount = sample.transforms.count + 1
    var sheet = try PreviewSheet(
      .init(cellCount: cellCount, columns: min(cellCount, Self.columnCount), cell: Self.cell, classNames: []))
    try sheet.add(image, [], .init(name))
    var runner = PipelineRunner()
    var step = Image()
    for (index, transform) in sample.transforms.enumerated() {
      let operations = sample.transforms[...index].map(\.operation).simplified
      try runner.run(operations, on: image, into: &step)
      try sheet.add(step, [], .init("\(index + 1) \(transform.name)"))
    }
    try Failure.telling(at: output) { try ImageFile.write(sheet.image, to: output, as: format) }
    let steps = sample.transforms.enumerated().map { "\($0.offset + 1) \($0.element)" }
    let skipped = sample.skipped.map { "\($0.name) is left out: \($0.reason)" }
    return steps + skipped + (steps.isEmpty ? ["This draw changes nothing; another --copy may."] : [])
  }
}
