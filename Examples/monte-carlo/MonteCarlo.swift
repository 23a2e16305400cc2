import Foundation
import ProcPool

/// Estimates π by random points in a square: `monte-carlo [MILLIONS] [WORKERS]`.
@main
enum MonteCarlo {
  static func main() throws {
    let numbers = CommandLine.arguments.dropFirst().map { Int($0) ?? 1 }
    let millions = max(1, numbers.first ?? 50)
    let workers = max(1, numbers.dropFirst().first ?? ProcessInfo.processInfo.activeProcessorCount)

    // The seed belongs to the item, not to the worker, so any worker draws the same numbers.
    let hits = try Pool.map(Array(0..<millions), PoolOptions(workers: workers)) { seed in
      countHits(seed: UInt64(seed), points: 1_000_000)
    }
    print("π ≈ \(4 * Double(hits.reduce(0, +)) / (1_000_000 * Double(millions)))")
  }

  /// How many of the points are inside the circle.
  static func countHits(seed: UInt64, points: Int) -> Int {
    var random = SplitMix64(state: seed << 32)
    return (0..<points).count { _ in
      let (x, y) = (Double.random(in: -1...1, using: &random), Double.random(in: -1...1, using: &random))
      return x * x + y * y <= 1
    }
  }
}

/// SplitMix64 of Steele, Lea and Flood: a generator whose every state is a good seed.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    let mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    let again = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return again ^ again >> 31
  }
}
