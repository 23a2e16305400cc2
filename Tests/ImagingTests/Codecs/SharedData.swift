import Foundation

/// Test data that lies beside the package and is no part of it: `../shared/data`, or where AUGMENT_SHARED_DATA says.
enum SharedData {
  /// Folder of the hostile images, or `nil` where it is absent.
  static let hostile = folder("hostile")
  /// Folder of photographs, or `nil` where it is absent.
  static let photographs = folder("raccoon/images")

  static func files(in folder: String?) -> [String] {
    guard let folder else { return [] }
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  static func bytes(_ name: String, in folder: String) -> [UInt8] {
    [UInt8](FileManager.default.contents(atPath: folder + "/" + name) ?? Data())
  }

  private static func folder(_ name: String) -> String? {
    let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
    let besidePackage = package.appending(path: "../shared/data").standardized.path(percentEncoded: false)
    let path = (ProcessInfo.processInfo.environment["AUGMENT_SHARED_DATA"] ?? besidePackage) + "/" + name
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}
