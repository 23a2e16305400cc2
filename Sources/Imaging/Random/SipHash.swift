internal import Glibc

/// SipHash-2-4 of Aumasson and Bernstein: a keyed hash with the same value in every process and on every machine,
/// unlike `Hasher`.
package enum SipHash {
  package static func hash(_ message: [UInt8], key: (UInt64, UInt64)) -> UInt64 {
    var state = State(key: key)
    var index = 0
    while index + 8 <= message.count {
      state.absorb(word(message[index..<index + 8]))
      index += 8
    }
    state.absorb(word(message[index...]) | UInt64(truncatingIfNeeded: message.count) << 56)
    return state.finish()
  }

  /// 128 bits. That of different contents is different but for a chance of 1 in 10³⁸, if nobody else knows the key.
  package struct Digest: Hashable, Sendable {
    package var low, high: UInt64
  }

  /// SipHash-2-4 with 128 bits.
  package static func digest(of message: RawSpan, key: (UInt64, UInt64)) -> Digest {
    var state = State(key: key)
    state.beginDigest()
    var index = 0
    while index + 8 <= message.byteCount {
      state.absorb(unsafe UInt64(littleEndian: message.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)))
      index += 8
    }
    var last = UInt64(truncatingIfNeeded: message.byteCount) << 56
    for place in index..<message.byteCount {
      let byte = unsafe message.unsafeLoad(fromByteOffset: place, as: UInt8.self)
      last |= UInt64(byte) << UInt64(8 * (place - index))
    }
    state.absorb(last)
    return state.finishDigest()
  }

  /// Up to eight bytes, little-endian.
  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private struct State {
    var v0, v1, v2, v3: UInt64

    init(key: (UInt64, UInt64)) {
      v0 = key.0 ^ 0x736f_6d65_7073_6575
      v1 = key.1 ^ 0x646f_7261_6e64_6f6d
      v2 = key.0 ^ 0x6c79_6765_6e65_7261
      v3 = key.1 ^ 0x7465_6462_7974_6573
    }

    mutating func absorb(_ word: UInt64) {
      v3 ^= word
      round()
      round()
      v0 ^= word
    }

    mutating func finish() -> UInt64 {
      v2 ^= 0xFF
      for _ in 0..<4 { round() }
      return v0 ^ v1 ^ v2 ^ v3
    }

    /// A digest differs from a hash of 64 bits in these constants.
    mutating func beginDigest() { v1 ^= 0xEE }

    mutating func finishDigest() -> Digest {
      v2 ^= 0xEE
      for _ in 0..<4 { round() }
      let low = v0 ^ v1 ^ v2 ^ v3
      v1 ^= 0xDD
      for _ in 0..<4 { round() }
      return Digest(low: low, high: v0 ^ v1 ^ v2 ^ v3)
    }

    private mutating func round() {
      v0 &+= v1
      v1 = rotatedLeft(v1, by: 13) ^ v0
      v0 = rotatedLeft(v0, by: 32)
      v2 &+= v3
      v3 = rotatedLeft(v3, by: 16) ^ v2
      v0 &+= v3
      v3 = rotatedLeft(v3, by: 21) ^ v0
      v2 &+= v1
      v1 = rotatedLeft(v1, by: 17) ^ v2
      v2 = rotatedLeft(v2, by: 32)
    }
  }
}

func rotatedLeft(_ word: UInt64, by count: UInt64) -> UInt64 { word << count | word >> (64 - count) }

/// The natural logarithm, wrapped so that only this file imports the C library for it.
func logarithm(_ value: Double) -> Double { log(value) }
