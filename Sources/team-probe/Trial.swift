internal import Imaging
internal import ProcPool
internal import Scenes
internal import Strategies

/// Quantises a scene again and again, each time with a process killed in another step or at another moment.
struct Trial: ~Copyable {
  /// What a quantisation made.
  private struct Result: Equatable {
    var pixels: [UInt8]
    var inertia: Double
  }

  private var options = QuantizeOptions()
  private let source = SceneGenerator(.scene, seed: 1).generate(width: 640, height: 480)

  init(_ dither: QuantizeOptions.Dither) {
    (options.initialization, options.empty, options.iterations) = (.kmeansPlusPlus, .reseed, 4)
    options.dither = dither
  }

  /// - Returns: what differs from the result of one thread; `nil` if nothing does.
  func run() throws -> String? {
    let expected = try result(of: Quantizer(options))
    var deathCount = 0
    var pool = PoolOptions(workers: 3)
    (pool.retries, pool.onWorkerEnd) = (1, { _ in deathCount += 1 })
    let shape = source.color.shape
    let team = try KillingTeam(ProcessTeam(pixelCount: shape.width * shape.height, pool))
    let quantizer = Quantizer(options, team: team, sharedMemory: team.team.memory)
    guard try result(of: quantizer) == expected else { return "the result of the processes" }
    for step in 0..<team.stepCount {
      for microseconds: UInt32 in [0, 50, 200, 1000] {
        team.begin((step, microseconds))
        guard try result(of: quantizer) == expected else { return "step \(step), after \(microseconds) microseconds" }
      }
    }
    // The last ones may not have been noticed: a process that dies between two steps is missed at the next.
    return deathCount < 4 * (team.stepCount - 1) ? "the number of deaths, \(deathCount)" : nil
  }

  private func result(of quantizer: Quantizer) throws -> Result {
    var pixels = PixelBuffer()
    let key = StreamKey(seed: 0, path: "scene", copy: 0)
    let outcome = try quantizer.quantize(source.color, key: key, into: &pixels)
    return Result(pixels: pixels.bytes, inertia: outcome.inertia)
  }
}
