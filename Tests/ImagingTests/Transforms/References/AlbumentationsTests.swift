import Foundation
import Imaging
import TestSupport
import Testing

/// Compares every transform with Albumentations 2.0.8 itself, in the Python that AUGMENT_PYTHON names. Serialized,
/// because each test starts a Python and keeps megabytes.
@Suite(.serialized, .enabled(if: AlbumentationsPython.path != nil, "\(AlbumentationsPython.isMissing)"))
struct AlbumentationsTests {
  /// "blur" is that of a job and has no name in a pipeline.
  @Test(arguments: TransformCatalog.all.map { $0.name } + ["blur"])
  func pixelsEqualThoseOfAlbumentations(transform: String) throws {
    for (name, total) in try compareAll(transform, .openCV5) { print("\(name): \(total)") }
  }

  /// OpenCV 5 samples elsewhere; the places of other warps are rounded otherwise before they get to OpenCV.
  @Test(arguments: [
    "Affine", "ShiftScaleRotate", "Rotate", "SafeRotate", "Perspective", "GridDistortion", "CropAndPad",
  ])
  func warpsEqualThoseOfOpenCV4(transform: String) throws {
    for (name, total) in try compareAll(transform, .openCV4) {
      #expect(total.largest <= (name.contains("\(ReferenceCase.Tolerance.one)") ? 1 : 0), "\(name): \(total)")
    }
  }

  /// The worst of all cases of each kind.
  private func compareAll(
    _ transform: String, _ python: AlbumentationsPython
  ) throws -> [(key: String, value: Difference)] {
    let folder = try TemporaryFolder()
    let photographs = SharedData.photographs.map { ["\($0)/raccoon-1.jpg"] } ?? []
    try python.run(
      "reference.py",
      [folder.path, transform] + photographs.filter { FileManager.default.fileExists(atPath: $0) })
    let lines = try String(contentsOf: folder.url.appendingPathComponent("cases.jsonl"), encoding: .utf8)
    var totals: [String: Difference] = [:]
    for line in lines.split(separator: "\n") {
      let fields = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let reference = try #require(ReferenceCase(fields), "\(line)")
      totals[Self.group(reference), default: Difference()].add(try compare(reference, folder.url))
    }
    #expect(!totals.isEmpty, "reference.py has no case of \(transform)")
    return totals.sorted { $0.key < $1.key }
  }

  private func compare(_ reference: ReferenceCase, _ folder: URL) throws -> Difference {
    func bytes(_ key: String) throws -> [UInt8] {
      let name = try #require(reference.fields[key] as? String)
      return [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }
    let source = Picture.of(reference.source, try bytes("input"))
    let theirs = try bytes("output")
    let ours = try reference.ours(of: source, folder)
    #expect(ours.shape == reference.result, "\(reference.title)")
    guard ours.bytes.count == theirs.count else { return Difference() }
    let difference = Difference(reference.settled(ours.bytes, theirs, of: source), theirs)
    #expect(reference.allows(difference), "\(reference.title): \(difference)")
    return Difference(ours.bytes, theirs)
  }

  private static func group(_ reference: ReferenceCase) -> String {
    let sampling = reference.tolerance == .near ? " interpolation \(reference.interpolation)" : ""
    return "\(reference.name)\(sampling), \(reference.tolerance), \(reference.picture)"
  }
}
