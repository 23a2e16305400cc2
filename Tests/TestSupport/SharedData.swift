package import Foundation

/// The folder of `Package.swift`.
package enum PackageFolder {
  package static let url: URL = (0..<3).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
}

/// Test data beside the package and not part of it: `../shared/data`, or the folder that AUGMENT_SHARED_DATA names.
package enum SharedData {
  /// Folder of the hostile images; `nil` if absent.
  package static let hostile: String? = folder("hostile")
  /// Folder of photographs; `nil` if absent.
  package static let photographs: String? = folder("raccoon/images")
  /// Folder of their labels in Pascal VOC; `nil` if absent.
  package static let annotations: String? = folder("raccoon/annotations")

  /// Folder of pipelines that people use, as Albumentations 2.0.8 writes them; `nil` if absent.
  package static let pipelines: String? = folder("pipelines")
  /// Folder of pipeline files of many versions and tools; `nil` if absent.
  package static let pipelineFiles: String? = folder("pipeline-files")

  package static func files(in folder: String?) -> [String] {
    guard let folder else { return [] }
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  package static func bytes(_ name: String, in folder: String) -> [UInt8] {
    [UInt8](FileManager.default.contents(atPath: folder + "/" + name) ?? Data())
  }

  private static func folder(_ name: String) -> String? {
    let besidePackage = PackageFolder.url.appending(path: "../shared/data").standardized.path(percentEncoded: false)
    let path = (ProcessInfo.processInfo.environment["AUGMENT_SHARED_DATA"] ?? besidePackage) + "/" + name
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}
