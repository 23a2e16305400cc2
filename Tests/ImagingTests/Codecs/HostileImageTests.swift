import Foundation
import Imaging
import TestSupport
import Testing

extension HostileImage: CustomTestStringConvertible {
  package var testDescription: String { "\(outcome.rawValue) \(name)" }
}

@Test(.enabled(if: SharedData.hostile != nil, "no hostile images beside the package"), arguments: HostileImage.all)
func hostileImageEndsAsItsIndexSays(image: HostileImage) throws {
  let bytes = SharedData.bytes(image.name, in: try #require(SharedData.hostile))
  let result = Result { () throws(ImagingError) in try Decoded(bytes) }
  switch (image.outcome, result) {
  case (.decodes, .success(let decoded)):
    #expect(!decoded.report.isDamaged)
    #expect(decoded.shape.width == image.width && decoded.shape.height == image.height)
  case (.decodes, .failure(.unsupported(let kind))):
    #expect(FileKind(Array(bytes.prefix(FileKind.headCount))).format == nil, "\(kind)")
  case (.decodes, .failure(let error)): Issue.record("a sound image is refused: \(error)")
  case (.damaged, .success(let decoded)):
    #expect(decoded.report.isDamaged && !decoded.report.warningText.isEmpty)
  case (.damaged, .failure(let error)): #expect(error.description.hasPrefix("truncated"))
  case (.refused, .success), (.bomb, .success): Issue.record("it decodes")
  case (.bomb, .failure(let error)):
    #expect(error.description.hasPrefix("too large") || error.description.hasPrefix("unsupported"))
  case (.refused, .failure(let error)): #expect(!error.description.isEmpty)
  case (.either, _): break
  }
}

@Test(.enabled(if: SharedData.hostile != nil, "no hostile images beside the package"))
func indexOfHostileImagesIsRead() {
  #expect(HostileImage.all.count > 90)
  #expect(HostileImage.all.count { $0.outcome == .decodes } > 40)
}

@Test(.enabled(if: SharedData.photographs != nil, "no photographs beside the package"))
func photographsDecodeWithoutAnyWarning() throws {
  let folder = try #require(SharedData.photographs)
  var decoder = ImageDecoder()
  var channels: [Int: Int] = [:]
  for name in SharedData.files(in: folder) {
    let decoded = try Decoded(SharedData.bytes(name, in: folder), with: &decoder)
    #expect(!decoded.report.isDamaged, "\(name)")
    channels[decoded.shape.channels, default: 0] += 1
  }
  #expect(channels == [1: 3, 3: 197])
}
