/// Hashes of the keys of one container, to tell the reader whether one may be there twice.
struct SeenKeys {
  /// Structs seldom have more fields; beyond, the reader looks for itself.
  static let capacity = 16

  private var hashes = SIMD16<UInt32>.zero
  /// A bit for six bits of each hash: most keys are new by it alone, without a look at the others.
  private var bits: UInt64 = 0
  private var count = 0
  /// Whether no key is there twice, for certain.
  private(set) var areUnique = true

  mutating func insert(_ utf8: UnsafeBufferPointer<UInt8>) {
    guard areUnique else { return }
    let hash = unsafe Self.hash(utf8)
    let bit: UInt64 = 1 << (UInt64(hash) & 63)
    if count == Self.capacity || bits & bit != 0 && any(hashes .== SIMD16(repeating: hash)) {
      areUnique = false
    } else {
      bits |= bit
      hashes[count] = hash
      count += 1
    }
  }

  /// FNV-1a; never 0, which stands for no key.
  private static func hash(_ utf8: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var hash: UInt32 = 0x811C_9DC5
    for index in utf8.indices { hash = (hash ^ UInt32(unsafe utf8[index])) &* 0x0100_0193 }
    return max(hash, 1)
  }
}
