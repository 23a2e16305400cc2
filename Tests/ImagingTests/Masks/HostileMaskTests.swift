import Imaging
import TestSupport
import Testing

/// Files that are no masks, or no longer, end in a sentence.
struct HostileMaskTests {
  private static func outcome(_ file: [UInt8], maxPixels: Int = ImageDecoder.defaultMaxPixels) -> Result<
    MaskContent, ImagingError
  > {
    Result { () throws(ImagingError) in
      var decoder = MaskDecoder()
      var mask = MaskImage()
      decoder.maxPixels = maxPixels
      _ = try decoder.decode(file, into: &mask)
      return MaskContent(mask)
    }
  }

  @Test(.enabled(if: SharedData.hostile != nil, "no hostile images beside the package"))
  func everyHostileImageIsAMaskOrGetsASentence() throws {
    let folder = try #require(SharedData.hostile)
    var (readCount, refusedCount) = (0, 0)
    for image in HostileImage.all {
      let bytes = SharedData.bytes(image.name, in: folder)
      switch Self.outcome(bytes) {
      case .success(let content):
        #expect(FileKind(Array(bytes.prefix(FileKind.headCount))) == .png, "\(image.name)")
        #expect(image.outcome != .refused && image.outcome != .bomb, "\(image.name)")
        #expect(!content.values.isEmpty)
        readCount += 1
      case .failure(let error):
        #expect(!error.description.isEmpty)
        refusedCount += 1
      }
    }
    #expect(readCount >= 8 && refusedCount > 60)
  }

  @Test(arguments: [
    MaskKind(colorType: .palette, bitDepth: 4, isTransparent: true), .init(colorType: .rgba, bitDepth: 16),
  ])
  func aMaskCutAnywhereIsTruncated(kind: MaskKind) throws {
    let file = kind.file(width: 20, height: 9).bytes
    for count in 8..<file.count {
      guard case .failure(let error) = Self.outcome(Array(file[..<count])) else {
        Issue.record("\(count) bytes are read")
        continue
      }
      #expect("\(error)".hasPrefix("truncated"))
    }
  }

  /// Checksums are made to fit, so that changes arrive at what reads the chunks.
  @Test func fewChangedBytesNeverCrash() throws {
    var random = SeededGenerator(seed: 14)
    var (readCount, refusedCount) = (0, 0)
    for kind in MaskKind.all {
      for _ in 0..<60 {
        let file = Self.changed(kind.file(width: 11, height: 7), &random)
        switch Self.outcome(file, maxPixels: 100_000) {
        case .success(let content):
          #expect(content.size.pixelCount <= 100_000)
          readCount += 1
        case .failure(let error):
          #expect(!error.description.isEmpty)
          refusedCount += 1
        }
      }
    }
    #expect(readCount > 100 && refusedCount > 100)
  }

  private static func changed(_ file: PNGFile, _ random: inout SeededGenerator) -> [UInt8] {
    var file = file
    switch Int.random(in: 0...5, using: &random) {
    case 0: file.chunks.append(("PLTE", Array(repeating: 7, count: Int.random(in: 0...800, using: &random))))
    case 1: file.chunks.append(("tRNS", Array(repeating: 200, count: Int.random(in: 0...300, using: &random))))
    case 2: file.chunks = file.chunks.reversed() + file.chunks
    default: break
    }
    let bytes = file.bytes
    var header = Array(bytes[16..<29])
    switch Int.random(in: 0...3, using: &random) {
    case 0: header[Int.random(in: 0...12, using: &random)] = UInt8.random(in: 0...255, using: &random)
    case 1: header[8] = [1, 2, 4, 8, 16].randomElement(using: &random) ?? 8  // bit depth
    case 2: header[9] = [0, 2, 3, 4, 6].randomElement(using: &random) ?? 0  // colour type
    default: header[7] = UInt8.random(in: 0...20, using: &random)  // height
    }
    return bytes[..<8] + PNGFile.chunk("IHDR", header) + bytes[33...]
  }

  @Test func aBombIsRefusedByItsHeader() {
    for (width, height) in [(Int(Int32.max), 1), (100_000, 100_000)] {
      let file = PNGFile(width: width, height: height, colorType: .rgba, bitDepth: 16, samples: [])
      let error = ImagingError.tooLarge(width: width, height: height, maxPixels: ImageDecoder.defaultMaxPixels)
      #expect(throws: error) { try MaskDecoder().size(of: file.bytes) }
      #expect(throws: error) { try MaskContent(Masks.decoded(file.bytes)) }
    }
  }

  @Test func aMaskOfTheLimitIsReadAndALargerOneIsNot() throws {
    let file = MaskKind(colorType: .grey, bitDepth: 1).file(width: 20, height: 10).bytes
    #expect(try Self.outcome(file, maxPixels: 200).get().size == ImageSize(width: 20, height: 10))
    #expect(throws: ImagingError.tooLarge(width: 20, height: 10, maxPixels: 199)) {
      try Self.outcome(file, maxPixels: 199).get()
    }
  }
}
