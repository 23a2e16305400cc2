import Foundation
import TestSupport
import Testing

/// Albumentations 2.0.8, in the Python that AUGMENT_PYTHON names, on one of two versions of OpenCV.
enum AlbumentationsPython: String, CaseIterable, CustomTestStringConvertible {
  /// Of the folder `opencv4` beside Python's `bin`: its warps by a matrix or a grid give our bytes.
  case openCV4 = "OpenCV 4"
  case openCV5 = "OpenCV 5"

  /// The interpreter; `nil` if there is none.
  static let path = ProcessInfo.processInfo.environment["AUGMENT_PYTHON"]
  static let isMissing = "AUGMENT_PYTHON names no Python with albumentations 2.0.8"

  var testDescription: String { rawValue }

  /// Runs a script of `experiments/transforms`.
  func run(_ script: String, _ arguments: [String]) throws {
    let python = try #require(Self.path)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [PackageFolder.url.appending(path: "experiments/transforms/\(script)").path] + arguments
    if self == .openCV4 {
      let folder = URL(fileURLWithPath: python).appending(path: "../../opencv4").standardized.path
      guard FileManager.default.fileExists(atPath: folder) else { try Test.cancel("there is no \(folder)") }
      process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONPATH": folder]) { $1 }
    }
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(script) failed")
  }
}
