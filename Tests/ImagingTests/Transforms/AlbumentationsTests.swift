import Foundation
import Imaging
import Testing

private let python = ProcessInfo.processInfo.environment["AUGMENT_PYTHON"]

/// Compares every transform with Albumentations 2.0.8 itself. Needs a Python that has it, named by AUGMENT_PYTHON. One
/// after the other: each asks a Python of its own, and keeps megabytes.
@Suite(.serialized, .enabled(if: python != nil, "AUGMENT_PYTHON names no Python with albumentations 2.0.8"))
struct AlbumentationsTests {
  /// "blur" is the one of a job, which no pipeline names.
  @Test(arguments: TransformCatalog.all.map { $0.name } + ["blur"])
  func pixelsEqualThoseOfAlbumentations(transform: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("references-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.makeReferences(of: transform, in: folder)
    let lines = try String(contentsOf: folder.appendingPathComponent("cases.jsonl"), encoding: .utf8)
    var totals: [String: Difference] = [:]
    for line in lines.split(separator: "\n") {
      let fields = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let reference = try #require(ReferenceCase(fields), "\(line)")
      totals[Self.group(reference), default: Difference()].add(try compare(reference, folder))
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

  /// Runs the script beside the experiments.
  private static func makeReferences(of transform: String, in folder: URL) throws {
    let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    let shared = ProcessInfo.processInfo.environment["AUGMENT_SHARED_DATA"] ?? root.path + "/../shared/data"
    let photographs = ["\(shared)/raccoon/images/raccoon-1.jpg"]
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(python))
    process.arguments =
      [root.path + "/experiments/transforms/reference.py", folder.path, transform]
      + photographs.filter { FileManager.default.fileExists(atPath: $0) }
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "reference.py failed")
  }
}
