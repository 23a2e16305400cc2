import Foundation

/// Test data that lies beside the package and is no part of it: `../shared/data`, or where AUGMENT_SHARED_DATA says.
enum SharedData {
  /// Folder of the hostile images, or `nil` where it is absent.
  static let hostile = folder("hostile")
  /// Folder of photographs, or `nil` where it is absent.
  static let photographs = folder("raccoon/images")

  private static func folder(_ name: String) -> String? {
    let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
    let besidePackage = package.appending(path: "../shared/data").standardized.path(percentEncoded: false)
    let path = (ProcessInfo.processInfo.environment["AUGMENT_SHARED_DATA"] ?? besidePackage) + "/" + name
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}
