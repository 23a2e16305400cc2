import Foundation
import Imaging
import TestSupport
import Testing

/// The outcome that INDEX.md demands of one hostile image.
struct HostileImage: CustomTestStringConvertible {
  enum Outcome: String { case decodes = "D", damaged = "W", refused = "R", bomb = "B", either = "F" }

  var outcome: Outcome
  var name: String
  var width: Int?
  var height: Int?

  var testDescription: String { "\(outcome.rawValue) \(name)" }

  /// Rows are `| class | \`file\` | bytes | what | width x height | …`.
  static let all: [HostileImage] = {
    guard let folder = SharedData.hostile else { return [] }
    let index = String(decoding: SharedData.bytes("INDEX.md", in: folder), as: UTF8.self)
    return index.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard cells.count > 6, let outcome = Outcome(rawValue: cells[1]), cells[2].hasPrefix("`") else { return nil }
      let size = cells[5].split(separator: "x").compactMap { Int($0) }
      return HostileImage(
        outcome: outcome, name: String(cells[2].dropFirst().dropLast()), width: size.first, height: size.last)
    }
  }()
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
