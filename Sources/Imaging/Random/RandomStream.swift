/// Identifies the random streams for one copy of one image; each node of a pipeline has its own.
///
/// A stream depends only on seed, path, copy and node, never on worker, order or time, so a run gives the same bytes
/// under any strategy and any number of processes.
package struct StreamKey: Hashable, Sendable {
  /// The run's `--seed`.
  package var seed: UInt64
  /// The image's path relative to the input folder.
  package var path: String
  /// Index of the copy, from 0.
  package var copy: Int
  /// How often the copy has been drawn before, because a draw was refused.
  package var attempt = 0

  package init(seed: UInt64, path: String, copy: Int) {
    self.seed = seed
    self.path = path
    self.copy = copy
  }

  /// The stream of one node, by its number in preorder from the root, 0.
  package func stream(node: Int) -> RandomStream {
    var message = [UInt8](path.utf8)
    message.append(0xFF)  // never occurs in UTF-8, so path and numbers cannot run into each other
    // The first attempt draws as it did before there were others.
    let numbers = [copy, node] + (attempt > 0 ? [attempt] : [])
    for number in numbers.lazy.map({ UInt64(bitPattern: Int64($0)) }) {
      for shift in stride(from: UInt64(0), to: 64, by: 8) { message.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
    let words = (0..<4).map { lane in SipHash.hash(message, key: (seed, 0x9E37_79B9_7F4A_7C15 &+ UInt64(lane))) }
    return RandomStream(state: (words[0], words[1], words[2], words[3]))
  }
}

/// xoshiro256++ 1.0 of Blackman and Vigna (public domain), period 2²⁵⁶ − 1.
package struct RandomStream: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// Starts at `state`; all zeros are replaced, because the generator would stay there.
  package init(state: (UInt64, UInt64, UInt64, UInt64)) {
    self.state = state == (0, 0, 0, 0) ? (1, 2, 3, 4) : state
  }

  package mutating func next() -> UInt64 {
    let result = rotatedLeft(state.0 &+ state.3, by: 23) &+ state.0
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotatedLeft(state.3, by: 45)
    return result
  }

  /// Uniform in 0 ..< 1, with 53 random bits.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  package mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// Uniform in `range`, by Lemire's method. Implemented here because the standard library may change its algorithm
  /// between versions, and the bytes of a run must not change.
  package mutating func integer(_ range: ClosedRange<Int>) -> Int {
    let count = UInt64(range.upperBound - range.lowerBound) + 1
    var product = next().multipliedFullWidth(by: count)
    while product.low < (0 &- count) % count { product = next().multipliedFullWidth(by: count) }
    return range.lowerBound + Int(product.high)
  }

  /// Normal with mean 0, by Marsaglia's polar method.
  package mutating func normal(standardDeviation: Double) -> Double {
    while true {
      let (x, y) = (uniform(-1...1), uniform(-1...1))
      let square = x * x + y * y
      if square > 0 && square < 1 { return standardDeviation * x * (-2 * logarithm(square) / square).squareRoot() }
    }
  }

  /// The numbers 0 ..< `count` in random order (Fisher–Yates).
  package mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, integer(0...last)) }
    return order
  }

  /// `count` distinct numbers out of 0 ..< `total`, in the order drawn.
  package mutating func sample(_ count: Int, of total: Int) -> [Int] { Array(permutation(total).prefix(count)) }
}

/// Steele, Lea and Flood 2014: small, the same on every machine, and every state is a good seed.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension RandomStream {
  /// The stream of a key that a draw has kept.
  init(seed: UInt64) {
    var words = SplitMix64(seed: seed)
    self.init(state: (words.next(), words.next(), words.next(), words.next()))
  }
}
