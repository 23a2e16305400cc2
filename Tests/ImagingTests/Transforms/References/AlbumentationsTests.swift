import Foundation
import Imaging
import TestSupport
import Testing

private let python = ProcessInfo.processInfo.environment["AUGMENT_PYTHON"]

/// Compares every transform with Albumentations 2.0.8 itself, in the Python that AUGMENT_PYTHON names. Serialized,
/// because each test starts a Python and keeps megabytes.
@Suite(.serialized, .enabled(if: python != nil, "AUGMENT_PYTHON names no Python with albumentations 2.0.8"))
struct AlbumentationsTests {
  /// "blur" is that of a job and has no name in a pipeline.
  @Test(arguments: TransformCatalog.all.map { $0.name } + ["blur"])
  func pixelsEqualThoseOfAlbumentations(transform: String) throws {
    let folder = try TemporaryFolder()
    try Self.makeReferences(of: transform, in: folder.url)
    let lines = try String(contentsOf: folder.url.appendingPathComponent("cases.jsonl"), encoding: .utf8)
    var totals: [String: Difference] = [:]
    for line in lines.split(separator: "\n") {
      let fields = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let reference = try #require(ReferenceCase(fields), "\(line)")
      totals[Self.group(reference), default: Difference()].add(try compare(reference, folder.url))
    }
    #expect(!totals.isEmpty, "reference.py has no case of \(transform)")
    for (name, total) in totals.sorted(by: { $0.key < $1.key }) { print("\(name): \(total)") }
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

  /// Runs `experiments/transforms/reference.py`.
  private static func makeReferences(of transform: String, in folder: URL) throws {
    let photographs = SharedData.photographs.map { ["\($0)/raccoon-1.jpg"] } ?? []
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(python))
    process.arguments =
      [PackageFolder.url.appending(path: "experiments/transforms/reference.py").path, folder.path, transform]
      + photographs.filter { FileManager.default.fileExists(atPath: $0) }
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "reference.py failed")
  }
}
