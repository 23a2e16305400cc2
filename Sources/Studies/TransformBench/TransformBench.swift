internal import Imaging
internal import Platform
internal import ProcPool
internal import Scenes
internal import SystemPackage

/// Times every transform with the settings of its example on one image, with new draws in each repetition. A plain copy
/// of the image is timed too: its memory traffic is a lower bound for every transform that keeps the size.
///
/// Each thread is a separate, unpinned process; all run at the same time.
package struct TransformBench {
  /// Image width in pixels.
  package let width: Int
  /// Image height in pixels.
  package let height: Int
  /// Concurrent processes.
  package var threads = 1
  /// Timed rounds, after one round of warm-up.
  package var repetitions = 9
  /// Names of the transforms to time; empty for all.
  package var names: [String] = []
  /// A program that times the same transforms in another library.
  package var peer: TransformPeer?

  /// Name of the plain copy in rows and tables.
  package static let copyName = "copy"
  /// Draws of a transform that are averaged in one timing, unless they take more than a second.
  package static let draws = 8
  /// The blur that makes people unrecognisable: part of a job, not a transform, but timed with them.
  package static let wideBlurName = "GaussianBlur61x61"
  /// Name of this program in rows and tables.
  package static let ownName = "augment-cli"

  /// The image is a generated scene.
  package init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

  /// Runs one uncounted round, then `repetitions` rounds, each with our timings and the peer's.
  /// - Parameters:
  ///   - skipping: called with each transform that does not apply to the image, and why.
  ///   - each: called with the timings of each repetition.
  package func run(
    skipping: (_ name: String, _ reason: String) -> Void, each: ([TransformTiming]) throws -> Void
  ) throws {
    let stand = try TestStand(SceneGenerator(.scene, seed: 0).generate(width: width, height: height))
    let chosen = chosen.filter { type in
      guard let reason = stand.reasonToSkip(type) else { return true }
      skipping(type.name, reason)
      return false
    }
    let session = try peer?.begin(with: stand.image, chosen)
    defer { session?.end() }
    let options = PoolOptions(workers: threads)
    try Pool<Int, [TransformTiming]>.with(
      options, initializer: { _ in ImagingRuntime.prepareProcess() }, body: { try stand.round($0, of: chosen) }
    ) { pool in
      for repetition in 0...repetitions {
        let rounds = try pool.map(Array(repeating: repetition, count: threads), chunkSize: .fixed(1))
        let others = try session?.round(repetition) ?? []
        if repetition > 0 { try each(rounds.flatMap { $0 } + others) }
      }
    }
  }

  private var chosen: [any Transform.Type] {
    TransformCatalog.all.filter { names.isEmpty || names.contains($0.name) }
  }
}

/// One line of `transforms.csv`: the time of one application of a transform, averaged over several draws.
package struct TransformTiming: Hashable, Codable, Sendable {
  /// "augment-cli" or the peer's name.
  package var implementation: String
  /// Name of a transform, `TransformBench.copyName` or `TransformBench.wideBlurName`.
  package var transform: String
  /// From 1; seeds the draws.
  package var repetition: Int
  /// Wall time of one thread.
  package var milliseconds: Double
}

/// The input image and the destination buffer of a process.
private final class TestStand {
  let image: Image
  private var destination = PixelBuffer()
  /// For transforms that take another image: one of the same size.
  private let references: ReferenceLibrary
  private let scene: SampleScene

  init(_ image: consuming Image) throws {
    let (width, height) = (image.color.shape.width, image.color.shape.height)
    let other = SceneGenerator(.scene, seed: 1).generate(width: width, height: height)
    references = ReferenceLibrary([try ReferencePixels(copying: other.color)])
    scene = SampleScene(objectIn: image.color.shape)
    self.image = image
  }

  /// Why a transform does not apply to the image; `nil` if it does.
  func reasonToSkip(_ type: any Transform.Type) -> String? {
    func reason(_ transform: some Transform) -> String? { ready(transform).reasonToSkip(context) }
    let example = type.example
    return reason(example)
  }

  private var context: SampleContext { SampleContext(image.color.shape, scene: scene) }

  private func ready<Change: Transform>(_ transform: Change) -> Change {
    guard var taking = transform as? any ReferenceTransform else { return transform }
    taking.references.library = references
    return taking as? Change ?? transform
  }

  func round(_ repetition: Int, of transforms: [any Transform.Type]) throws -> [TransformTiming] {
    let copy = try timing(of: TransformBench.copyName, repetition) { try destination.copy(from: image.color) }
    let blur = try timing(of: TransformBench.wideBlurName, repetition) {
      try destination.blur(image.color, size: 61, sigma: 10)
    }
    return try [copy] + transforms.map { try time($0, repetition) } + [blur]
  }

  /// The mean over several draws, because the cost of a transform may depend on the draw. Drawing counts: some
  /// transforms look at labels or masks.
  private func time<Change: Transform>(_ type: Change.Type, _ repetition: Int) throws -> TransformTiming {
    let transform = ready(Change.example)
    let context = context
    func apply(_ draw: Int) throws {
      var random = StreamKey(seed: UInt64(repetition), path: Change.name, copy: draw).stream(node: 0)
      try transform.apply(transform.sample(for: context, using: &random), to: image.color, into: &destination)
    }
    try apply(0)
    let begin = ContinuousClock.now
    var count = 0
    while count < TransformBench.draws, count == 0 || ContinuousClock.now - begin < .seconds(1) {
      try apply(count)
      count += 1
    }
    return timing(of: Change.name, repetition, (ContinuousClock.now - begin) / .milliseconds(count))
  }

  /// Runs `body` once untimed, so that building tables and faulting in scratch memory are not measured.
  private func timing(of name: String, _ repetition: Int, _ body: () throws -> Void) rethrows -> TransformTiming {
    try body()
    let begin = ContinuousClock.now
    try body()
    return timing(of: name, repetition, (ContinuousClock.now - begin) / .milliseconds(1))
  }

  private func timing(of name: String, _ repetition: Int, _ milliseconds: Double) -> TransformTiming {
    TransformTiming(
      implementation: TransformBench.ownName, transform: name, repetition: repetition, milliseconds: milliseconds)
  }
}

/// The output folder of a transform bench: the rows as they arrive, then the table and chart derived from them.
package struct TransformBenchFolder {
  package let path: String
  private let bench: TransformBench
  private var timings: [TransformTiming] = []
  private let files: RunFolder

  /// Makes the folder and writes `machine.json` and `command.txt`.
  package init(_ path: String, _ bench: TransformBench, command: String) throws(StudyError) {
    (self.path, self.bench, files) = (path, bench, RunFolder(path))
    try StudyError.wrapping { () throws(FileError) in try Folder.working.makeFolder(FilePath(text: path)) }
    try files.write(MachineProbe.facts(folder: path), RunFolder.machineName)
    try files.replace(RunFolder.commandName, with: "\(command)\n")
  }

  /// Adds the timings of a repetition and rewrites `transforms.csv`.
  package mutating func add(_ added: [TransformTiming]) throws(StudyError) {
    timings += added
    let header = columns.map(\.name).joined(separator: ",")
    let lines = timings.map { timing in columns.map { $0.field(timing) }.joined(separator: ",") }
    try files.replace("transforms.csv", with: ([header] + lines).map { "\($0)\n" }.joined())
  }

  private var columns: [Column<TransformTiming>] {
    [
      .words("implementation") { $0.implementation }, .words("transform") { $0.transform },
      Column("widthPixels", text: { _ in "\(bench.width)" }), Column("heightPixels", text: { _ in "\(bench.height)" }),
      Column("threads", text: { _ in "\(bench.threads)" }), Column("repetition", text: { "\($0.repetition)" }),
      Column("milliseconds", text: { NumberText.fixed($0.milliseconds, 4) }),
    ]
  }

  /// Writes the table and, if gnuplot is installed, the chart.
  /// - Returns: the table, for a terminal.
  package func finish() throws(StudyError) -> String {
    let summary = TransformTable(timings)
    let table = summary.table
    let threads = "\(bench.threads) thread\(bench.threads == 1 ? "" : "s")"
    let title = "\(bench.width)×\(bench.height) RGB, \(threads), \(ImagingRuntime.instructionSet)"
    let head =
      "# Transforms: \(title)\n\nMilliseconds per image, averaged over up to \(TransformBench.draws) draws: median (minimum–maximum) of the repetitions.\n\n"
    try files.replace("summary.md", with: head + table.markdown)
    if let gnuplot = Gnuplot.installed, let drawing = gnuplot.file(summary.chart(title: title)) {
      try files.replace("transforms.svg", with: drawing)
    }
    return table.text
  }
}
