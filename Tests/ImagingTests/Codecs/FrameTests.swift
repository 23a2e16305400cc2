import Imaging
import TestSupport
import Testing

/// Files with several images, of which the first is used.
struct FrameTests {
  /// The index of a multi-picture JPEG, with the kind of each image.
  private static func list(_ kinds: [Int]) -> [UInt8] {
    let entries = kinds.flatMap { BigEndian.bytes(of: $0, count: 4) + [UInt8](repeating: 0, count: 12) }
    let head: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0xB0, 0x02, 0, 7]
    return [UInt8]("MPF\0".utf8) + head + BigEndian.bytes(of: entries.count, count: 4) + [0, 0, 0, 26, 0, 0, 0, 0]
      + entries
  }

  @Test(arguments: [
    ([0x2003_0000, 0x02_0002], 2), ([0x2003_0000, 0x02_0003, 0x02_0003], 3),
    ([0x2003_0000, 0x01_0001], 1),  // a preview
    ([0x2003_0000, 0], 1),  // of unknown kind: usually a brightness map
    ([], 1),
  ])
  func picturesOfAMultiPictureJPEGAreCounted(kinds: [Int], count: Int) throws {
    let file = JPEGFile.inserting(0xE2, Self.list(kinds), into: JPEGFile.flat([9]))
    #expect(try Decoded(file).report.frameCount == count)
  }

  @Test(arguments: [0, 1, 5]) func picturesOfAnAnimatedPNGAreCounted(count: Int) throws {
    let control = BigEndian.bytes(of: count, count: 4) + [0, 0, 0, 0]
    let file = PNGFile(width: 1, height: 1, colorType: .grey, chunks: [("acTL", control)], samples: [7])
    #expect(try Decoded(file.bytes).report.frameCount == max(1, count))
  }

  @Test(.enabled(if: SharedData.hostile != nil, "the folder of hostile images is absent"))
  func aStereoPhotographHasTwo() throws {
    let folder = try #require(SharedData.hostile)
    let file = SharedData.bytes("pil-frozenpond.mpo", in: folder)
    #expect(try Decoded(file).report.frameCount == 2)
  }
}
