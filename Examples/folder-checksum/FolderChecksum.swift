import Foundation
import ProcPool

/// Prints a checksum of every file in a folder and its subfolders: `folder-checksum [FOLDER] [WORKERS]`.
@main
enum FolderChecksum {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    let workers = arguments.dropFirst().first.flatMap { Int($0) } ?? ProcessInfo.processInfo.activeProcessorCount
    do {
      try printChecksums(of: URL(filePath: arguments.first ?? "."), workers: workers)
    } catch {
      FileHandle.standardError.write(Data("folder-checksum: \(error)\n".utf8))
      exit(1)
    }
  }

  static func printChecksums(of folder: URL, workers: Int) throws {
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted().filter {
      try folder.appending(path: $0).resourceValues(forKeys: [.isRegularFileKey]).isRegularFile ?? false
    }
    // The workers inherit `folder` by fork; only names are sent to them, and checksums back.
    let body = { (file: String) in checksum(of: try Data(contentsOf: folder.appending(path: file))) }
    try Pool.with(PoolOptions(workers: workers), body: body) { pool in
      // Outcomes arrive in the order in which workers finish; their index says where each belongs.
      var lines = Array(repeating: "", count: files.count)
      let outcomes = try pool.imapUnordered(files)
      while let outcome = try outcomes.next() {
        lines[outcome.index] = String(try outcome.result.get(), radix: 16) + "  " + files[outcome.index]
      }
      print(lines.joined(separator: "\n"))
    }
  }

  /// FNV-1a of 64 bits.
  static func checksum(of data: Data) -> UInt64 {
    data.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
