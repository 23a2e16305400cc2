import Foundation
import Imaging
import Testing

private let python = ProcessInfo.processInfo.environment["AUGMENT_PYTHON"]

/// Compares every transform with Albumentations 2.0.8 itself. Needs a Python that has it, named by AUGMENT_PYTHON.
@Suite(.enabled(if: python != nil, "AUGMENT_PYTHON names no Python with albumentations 2.0.8"))
struct AlbumentationsTests {
  private static let warps: Set = ["ElasticTransform", "GridDistortion", "OpticalDistortion", "Perspective"]
  /// Those whose bytes OpenCV computes by fused multiply-adds, where the processor has them.
  private static let fused: Set = ["GaussianBlur", "HueSaturationValue", "ISONoise"]

  @Test func pixelsEqualThoseOfAlbumentations() throws {
    let folder = try Self.references()
    defer { try? FileManager.default.removeItem(at: folder) }
    var totals: [String: Difference] = [:]
    for reference in try ReferenceCase.all(in: folder) {
      let ours = try #require(try reference.ours(), "\(reference.title)")
      #expect(ours.shape == reference.result, "\(reference.title)")
      let theirs = try reference.resultBytes()
      expect(Difference(try settled(ours.bytes, theirs, reference), theirs), reference)
      totals[Self.group(reference), default: Difference()].add(Difference(ours.bytes, theirs))
    }
    #expect(totals.count > 16)
    for (name, total) in totals.sorted(by: { $0.key < $1.key }) { print("\(name): \(total)") }
  }

  private func expect(_ difference: Difference, _ reference: ReferenceCase) {
    let text = "\(reference.title): \(difference)"
    if Self.warps.contains(reference.name) {
      #expect(isNear(difference, reference), "\(text)")
    } else if reference.text("method") == "gaussian" {
      #expect(difference.largest <= 1, "\(text)")
    } else if Self.fused.contains(reference.name), !reference.flag("fused") {
      #expect(isAlmostEqual(difference, reference), "\(text)")
    } else {
      #expect(difference.largest == 0, "\(text)")
    }
  }

  /// Our bytes, with theirs at the ties that noise decides. From 130 cells on OpenCV filters by Fourier transforms, those
  /// of IPP, whose last bits are others on each kind of processor. The sums of a smaller kernel have the same last bits
  /// wherever multiply-adds are fused.
  private func settled(_ ours: [UInt8], _ theirs: [UInt8], _ reference: ReferenceCase) throws -> [UInt8] {
    let weights = try reference.kernel()
    guard weights.count >= 130 || !reference.flag("fused"), let kernel = WholeKernel(weights) else { return ours }
    return kernel.nearestBytes(try reference.sourcePixels()).settling(ours, as: theirs)
  }

  /// Without fused multiply-adds a value beside a tie now and then falls on the tie's other side.
  private func isAlmostEqual(_ difference: Difference, _ reference: ReferenceCase) -> Bool {
    difference.largest <= 1 && (isTiny(reference) || difference.share < 0.002)
  }

  /// Where shares and ratios say nothing.
  private func isTiny(_ reference: ReferenceCase) -> Bool { reference.source.byteCount < 1000 }

  /// OpenCV 4.6 takes samples at multiples of 1/32 pixel, 5.0 anywhere, so that a warp differs where neighbours differ,
  /// most of all in white noise. The nearest pixel may be another one, but seldom is.
  private func isNear(_ difference: Difference, _ reference: ReferenceCase) -> Bool {
    let isSteep = reference.picture == "noise" || ["2", "4"].contains(reference.text("interpolation"))
    let isTiny = isTiny(reference)
    if reference.text("interpolation") == "0" { return isTiny || difference.share < 0.05 }
    return difference.largest <= (isSteep ? 16 : 8) && (isTiny || difference.decibels >= (isSteep ? 40 : 45))
  }

  private static func group(_ reference: ReferenceCase) -> String {
    let kind = reference.text("method") == "gaussian" ? " gaussian" : ""
    let sampling = warps.contains(reference.name) ? " interpolation \(reference.text("interpolation"))" : ""
    return "\(reference.name)\(kind)\(sampling), \(reference.picture)"
  }

  /// Runs the script beside the experiments; returns the folder that it filled.
  private static func references() throws -> URL {
    let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("references-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let shared = ProcessInfo.processInfo.environment["AUGMENT_SHARED_DATA"] ?? root.path + "/../shared/data"
    let photographs = ["\(shared)/raccoon/images/raccoon-1.jpg"]
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(python))
    process.arguments =
      [root.path + "/experiments/transforms/reference.py", folder.path]
      + photographs.filter { FileManager.default.fileExists(atPath: $0) }
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "reference.py failed")
    return folder
  }
}
