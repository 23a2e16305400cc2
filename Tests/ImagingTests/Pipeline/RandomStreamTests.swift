import Imaging
import Testing

struct RandomStreamTests {
  /// From the authors' reference code: key 00 01 ... 0f, message 00 01 ... of each length.
  static let sipHashVectors: [UInt64] = [
    0x726f_db47_dd0e_0e31, 0x74f8_39c5_93dc_67fd, 0x0d6c_8009_d9a9_4f5a, 0x8567_6696_d7fb_7e2d,
    0xcf27_94e0_2771_87b7, 0x1876_5564_cd99_a68d, 0xcbc9_466e_58fe_e3ce, 0xab02_00f5_8b01_d137,
    0x93f5_f579_9a93_2462, 0x9e00_82df_0ba9_e4b0, 0x7a5d_bbc5_94dd_b9f3, 0xf4b3_2f46_226b_ada7,
    0x751e_8fbc_860e_e5fb, 0x14ea_5627_c084_3d90, 0xf723_ca90_8e7a_f2ee, 0xa129_ca61_49be_45e5,
  ]

  @Test(arguments: 0..<16)
  func sipHashGivesTheReferenceValues(length: Int) {
    let message = (0..<length).map { UInt8($0) }
    let key: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
    #expect(SipHash.hash(message, key: key) == Self.sipHashVectors[length])
  }

  /// As above, with 128 bits; the bytes of the digest as the reference code writes them.
  @Test(arguments: [
    (0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45"),
    (7, "a1f1ebbed8dbc153c0b84aa61ff08239"), (8, "3b62a9ba6258f5610f83e264f31497b4"),
    (15, "5493e99933b0a8117e08ec0f97cfc3d9"), (16, "6ee2a4ca67b054bbfd3315bf85230577"),
  ])
  func sipHashDigestsAreTheReferenceValues(length: Int, digest: String) {
    let message = (0..<length).map { UInt8($0) }
    let found = unsafe SipHash.digest(of: message.span.bytes, key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))
    let bytes = [found.low, found.high].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    #expect(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == digest)
  }

  @Test func generatorGivesTheReferenceValues() {
    var random = RandomStream(state: (1, 2, 3, 4))
    let expected: [UInt64] = [
      41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205,
      9_973_669_472_204_895_162, 14_011_001_112_246_962_877, 12_406_186_145_184_390_807,
      15_849_039_046_786_891_736, 10_450_023_813_501_588_000,
    ]
    #expect(expected.map { _ in random.next() } == expected)
  }

  @Test func streamIsAFunctionOfItsKey() {
    let key = StreamKey(seed: 7, path: "a/b.jpg", copy: 3)
    var (first, second) = (key.stream(node: 2), key.stream(node: 2))
    #expect((0..<8).map { _ in first.next() } == (0..<8).map { _ in second.next() })
  }

  /// Changing any one of the four parts of a key changes the stream; no two keys are encoded alike.
  @Test func everyPartOfTheKeyNamesAnotherStream() {
    let keys: [(StreamKey, Int)] = [
      (StreamKey(seed: 1, path: "a.jpg", copy: 0), 0), (StreamKey(seed: 2, path: "a.jpg", copy: 0), 0),
      (StreamKey(seed: 1, path: "b.jpg", copy: 0), 0), (StreamKey(seed: 1, path: "a.jpg", copy: 1), 0),
      (StreamKey(seed: 1, path: "a.jpg", copy: 0), 1), (StreamKey(seed: 1, path: "", copy: 0), 0),
      (StreamKey(seed: 1, path: "a.jpg\0", copy: 0), 0), (StreamKey(seed: 1, path: "a.jpg", copy: 256), 0),
    ]
    let firsts = keys.map { key, node in
      var stream = key.stream(node: node)
      return stream.next()
    }
    #expect(Set(firsts).count == keys.count)
  }

  @Test func firstDrawsOfTwoNodesAreUncorrelated() {
    expectUncorrelated(
      (0..<12).map { node in firstDraws { StreamKey(seed: 137, path: "image \($0).jpg", copy: 0).stream(node: node) } })
  }

  @Test func firstDrawsOfTwoCopiesAreUncorrelated() {
    expectUncorrelated(
      (0..<12).map { copy in firstDraws { StreamKey(seed: 1, path: "\($0).png", copy: copy).stream(node: 0) } })
  }

  @Test func firstDrawsOfTwoPathsAreUncorrelated() {
    expectUncorrelated(
      (0..<12).map { path in firstDraws { StreamKey(seed: 0, path: "\(path)", copy: $0).stream(node: 5) } })
  }

  @Test func firstDrawsOfTwoSeedsAreUncorrelated() {
    expectUncorrelated(
      (0..<12).map { seed in firstDraws { StreamKey(seed: UInt64(seed), path: "x", copy: $0).stream(node: 1) } })
  }

  private static let count = 4000

  private func firstDraws(_ stream: (Int) -> RandomStream) -> [Double] {
    (0..<Self.count).map { index in
      var stream = stream(index)
      return stream.uniform()
    }
  }

  /// The correlation of independent columns has a standard deviation of 1/√n; the keys are fixed, so this cannot flake.
  /// Each column must also have the mean and the variance of its distribution.
  private func expectUncorrelated(_ columns: [[Double]]) {
    let bound = 4.5 / Double(Self.count).squareRoot()
    let centred = columns.map { column in column.map { $0 - 0.5 } }
    for (index, column) in centred.enumerated() {
      #expect(abs(column.reduce(0, +)) / Double(Self.count) < bound * (1.0 / 12).squareRoot())
      #expect(abs(correlation(column, column) - 1) < 0.1)
      for other in centred[..<index] { #expect(abs(correlation(column, other)) < bound) }
    }
  }

  /// For values of mean 0 and variance 1/12.
  private func correlation(_ first: [Double], _ second: [Double]) -> Double {
    12 * zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } / Double(first.count)
  }
}
