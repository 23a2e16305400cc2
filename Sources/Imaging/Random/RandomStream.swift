/// Names one stream of random numbers: a node of a pipeline, working on one copy of one image.
///
/// Streams are a function of these four alone, never of worker, order or time, so a run gives the same bytes under
/// any strategy and any number of processes.
public struct StreamKey: Hashable, Sendable {
  /// The run's `--seed`.
  public var seed: UInt64
  /// Path of the image relative to the input folder.
  public var path: String
  /// Which copy of the image, from 0.
  public var copy: Int

  /// The key of one copy of one image.
  public init(seed: UInt64, path: String, copy: Int) {
    self.seed = seed
    self.path = path
    self.copy = copy
  }

  /// The stream of one node, numbered in preorder from the root, 0.
  public func stream(node: Int) -> RandomStream {
    var message = [UInt8](path.utf8)
    message.append(0xFF)  // no UTF-8 text holds it, so path and numbers cannot run into each other
    for number in [UInt64(bitPattern: Int64(copy)), UInt64(bitPattern: Int64(node))] {
      for shift in stride(from: UInt64(0), to: 64, by: 8) { message.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
    let words = (0..<4).map { lane in SipHash.hash(message, key: (seed, 0x9E37_79B9_7F4A_7C15 &+ UInt64(lane))) }
    return RandomStream(state: (words[0], words[1], words[2], words[3]))
  }
}

/// A stream of random numbers: xoshiro256++ 1.0 of Blackman and Vigna (public domain), period 2²⁵⁶ − 1.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// A stream that begins at `state`; all zero is replaced, since the generator would stay there.
  public init(state: (UInt64, UInt64, UInt64, UInt64)) {
    self.state = state == (0, 0, 0, 0) ? (1, 2, 3, 4) : state
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
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

  /// A number in 0 ..< 1 with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in `range`, uniform.
  public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A whole number in `range`, uniform (Lemire's method). Written out, because the standard library may change its own
  /// from version to version and the bytes of a run may not.
  public mutating func integer(_ range: ClosedRange<Int>) -> Int {
    let count = UInt64(range.upperBound - range.lowerBound) + 1
    var product = next().multipliedFullWidth(by: count)
    while product.low < (0 &- count) % count { product = next().multipliedFullWidth(by: count) }
    return range.lowerBound + Int(product.high)
  }

  /// A normal number of mean 0 and the given standard deviation (Marsaglia's polar method).
  public mutating func normal(standardDeviation: Double) -> Double {
    while true {
      let (x, y) = (uniform(-1...1), uniform(-1...1))
      let square = x * x + y * y
      if square > 0 && square < 1 { return standardDeviation * x * (-2 * logarithm(square) / square).squareRoot() }
    }
  }

  /// The numbers 0 ..< `count` in a random order (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, integer(0...last)) }
    return order
  }

  /// `count` of the numbers 0 ..< `total`, each at most once, in the order drawn.
  public mutating func sample(_ count: Int, of total: Int) -> [Int] { Array(permutation(total).prefix(count)) }
}
