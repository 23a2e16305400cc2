internal import Imaging
internal import ProcPool

/// Times every transform at its defaults on one image, each repetition with other draws, beside a plain copy of the image:
/// what moving it through memory costs, below which no transform gets.
///
/// Each thread is a process of its own, pinned by nobody; all work at the same time.
package struct TransformBench {
  /// Columns of the image.
  package let width: Int
  /// Rows of the image.
  package let height: Int
  /// Processes that work at once.
  package var threads = 1
  /// How often each transform is timed.
  package var repetitions = 9
  /// Transforms by name; all where empty.
  package var names: [String] = []
  /// A program that times the same transforms of another library.
  package var peer: TransformPeer?

  /// What the copy is called in rows and tables.
  package static let copyName = "copy"
  /// Draws of a transform that one timing is the mean of.
  package static let draws = 8
  /// The blur that makes people unrecognisable, a job and no transform, is measured with them.
  package static let wideBlurName = "GaussianBlur61x61"
  /// What this program is called in rows and tables.
  package static let ownName = "augment-cli"

  /// A bench on a generated scene of a size.
  package init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

  /// Runs all repetitions in turn, ours and the peer's, after one that is not counted.
  /// - Parameter each: called with the timings of each repetition as they come.
  package func run(each: ([TransformTiming]) throws -> Void) throws {
    let stand = TestStand(SceneGenerator(.scene, seed: 0).generate(width: width, height: height))
    let session = try peer?.begin(with: stand.image, transforms: chosen.map { $0.name } + [Self.wideBlurName])
    defer { session?.end() }
    let chosen = chosen
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

/// How long an application of a transform took, as the mean of some draws: a line of `transforms.csv`.
package struct TransformTiming: Hashable, Codable, Sendable {
  /// "augment-cli" or what the peer is called.
  package var implementation: String
  /// A transform, or `TransformBench.copyName`.
  package var transform: String
  /// 1, 2, … ; each has draws of its own.
  package var repetition: Int
  /// Wall time of one thread.
  package var milliseconds: Double
}

/// The image that a process works on, and where it writes.
private final class TestStand {
  let image: Image
  private var destination = PixelBuffer()

  init(_ image: consuming Image) { self.image = image }

  func round(_ repetition: Int, of transforms: [any Transform.Type]) throws -> [TransformTiming] {
    let copy = try timing(of: TransformBench.copyName, repetition) { try destination.copy(from: image.color) }
    let blur = try timing(of: TransformBench.wideBlurName, repetition) {
      try destination.blur(image.color, size: 61, sigma: 10)
    }
    return try [copy] + transforms.map { try time($0, repetition) } + [blur]
  }

  /// The mean of some draws, since what a transform costs may depend on the draw.
  private func time<Change: Transform>(_ type: Change.Type, _ repetition: Int) throws -> TransformTiming {
    let transform = Change()
    let draws = (0..<TransformBench.draws).map { draw in
      var random = StreamKey(seed: UInt64(repetition), path: Change.name, copy: draw).stream(node: 0)
      return transform.sample(for: SampleContext(image.color.shape), using: &random)
    }
    var timing = try timing(of: Change.name, repetition) {
      for drawn in draws { try transform.apply(drawn, to: image.color, into: &destination) }
    }
    timing.milliseconds /= Double(draws.count)
    return timing
  }

  /// Once before: tables and the pages of scratch memory are not what is measured.
  private func timing(of name: String, _ repetition: Int, _ body: () throws -> Void) rethrows -> TransformTiming {
    try body()
    let begin = ContinuousClock.now
    try body()
    let milliseconds = (ContinuousClock.now - begin) / .milliseconds(1)
    return TransformTiming(
      implementation: TransformBench.ownName, transform: name, repetition: repetition, milliseconds: milliseconds)
  }
}
