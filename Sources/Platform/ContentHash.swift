internal import CPlatform
internal import SystemPackage

/// 128 bits that tell whether two contents are the same: XXH3, as `xxh128sum` prints it. It finds damage and mix-ups; it
/// is no proof against someone who wants two files to look alike.
package struct ContentHash: Hashable, Sendable {
  package static let byteCount = 16

  /// Most significant bits first.
  package let words: (high: UInt64, low: UInt64)

  package init(words: (high: UInt64, low: UInt64)) { self.words = words }

  package init(of bytes: borrowing Span<UInt8>) {
    var digest = [UInt8](repeating: 0, count: Self.byteCount)
    unsafe bytes.withUnsafeBytes { bytes in unsafe cplatform_hash(bytes.baseAddress, bytes.count, &digest) }
    self.init(digest: digest)
  }

  /// Of what is left of a file, which may be larger than the memory.
  package init(of file: borrowing RegularFile) throws(FileError) {
    guard let state = unsafe cplatform_hash_begin() else { throw FileError(.read, file.path, .system(.noMemory)) }
    var (digest, failure) = ([UInt8](repeating: 0, count: Self.byteCount), FileError?.none)
    do throws(FileError) {
      while case let piece = try file.read(count: 1 << 20), !piece.isEmpty {
        unsafe piece.withUnsafeBytes { piece in unsafe cplatform_hash_add(state, piece.baseAddress, piece.count) }
      }
    } catch {
      failure = error
    }
    unsafe cplatform_hash_end(state, &digest)
    if let failure { throw failure }
    self.init(digest: digest)
  }

  private init(digest: [UInt8]) {
    func word(_ half: ArraySlice<UInt8>) -> UInt64 { half.reduce(0) { $0 << 8 | UInt64($1) } }
    words = (word(digest[..<8]), word(digest[8...]))
  }

  package init(of text: String) { self.init(of: Array(text.utf8).span) }

  /// Of 32 hexadecimal digits.
  package init?(text: some StringProtocol) {
    let digits = Array(text.utf8)
    guard digits.count == 32, let high = UInt64(String(decoding: digits[..<16], as: UTF8.self), radix: 16),
      let low = UInt64(String(decoding: digits[16...], as: UTF8.self), radix: 16)
    else { return nil }
    words = (high, low)
  }

  package static func == (left: ContentHash, right: ContentHash) -> Bool { left.words == right.words }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(words.high)
    hasher.combine(words.low)
  }
}

extension ContentHash: CustomStringConvertible {
  /// 32 hexadecimal digits.
  package var description: String { Self.digits(words.high) + Self.digits(words.low) }

  private static func digits(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}

extension ContentHash: Codable {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let hash = ContentHash(text: try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "a hash has 32 hexadecimal digits")
    }
    self = hash
  }
}
