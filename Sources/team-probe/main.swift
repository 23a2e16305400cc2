internal import Glibc
internal import Imaging
internal import ProcPool
internal import Scenes
internal import Strategies

// Kills a process of a team in each step of a quantisation, at several moments, and compares the result with that of
// one thread. In a program of its own, because a test process has several threads and must not fork. Exit status 0: all
// results are the same. 1: one is not, and standard error says which.

func fail(_ text: String) -> Never {
  var line = text + "\n"
  line.withUTF8 { _ = unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
  exit(1)
}

let source = SceneGenerator(.scene, seed: 1).generate(width: 640, height: 480)
let key = StreamKey(seed: 0, path: "scene", copy: 0)
var options = QuantizeOptions()
(options.initialization, options.empty, options.iterations) = (.kmeansPlusPlus, .reseed, 4)

/// The pixels and the inertia that a quantiser makes of the scene.
func result(of quantizer: Quantizer) throws -> (pixels: [UInt8], inertia: Double) {
  var pixels = PixelBuffer()
  let outcome = try quantizer.quantize(source.color, key: key, into: &pixels)
  return (pixels.bytes, outcome.inertia)
}

do {
  for dither in QuantizeOptions.Dither.allCases {
    options.dither = dither
    let expected = try result(of: Quantizer(options))
    var deathCount = 0
    var pool = PoolOptions(workers: 3)
    (pool.retries, pool.onWorkerEnd) = (1, { _ in deathCount += 1 })
    let shape = source.color.shape
    let team = try KillingTeam(ProcessTeam(pixelCount: shape.width * shape.height, pool))
    let quantizer = Quantizer(options, team: team, sharedMemory: team.team.memory)
    guard try result(of: quantizer) == expected else { fail("the processes differ from one thread") }
    for step in 0..<team.stepCount {
      for microseconds: UInt32 in [0, 50, 200, 1000] {
        team.begin((step, microseconds))
        guard try result(of: quantizer) == expected else { fail("step \(step), after \(microseconds) microseconds") }
      }
    }
    // One that dies between two steps is noticed at the next.
    guard deathCount >= 4 * (team.stepCount - 1) else { fail("only \(deathCount) processes died") }
  }
} catch {
  fail("threw \(error)")
}
