package import Platform
internal import SystemPackage

/// A file as a manifest knows it.
package struct FileRecord: Codable, Hashable, Sendable {
  /// Relative to the input or output folder.
  package var path: String
  package var byteCount: Int
  package var hash: ContentHash

  private enum CodingKeys: String, CodingKey { case path, byteCount = "bytes", hash }

  package init(path: String, byteCount: Int, hash: ContentHash) {
    (self.path, self.byteCount, self.hash) = (path, byteCount, hash)
  }

  package init(_ path: String, _ bytes: borrowing Span<UInt8>) {
    self.init(path: path, byteCount: bytes.count, hash: ContentHash(of: bytes))
  }

  /// Reads a file, which may be larger than the memory.
  package init(_ path: String, in folder: Folder) throws(FileError) {
    let file = try RegularFile(FilePath(text: path), in: folder)
    self.init(path: path, byteCount: file.byteCount, hash: try ContentHash(of: file))
  }
}

/// What a manifest keeps of a product beside its outcome.
package struct ProductRecord: Hashable, Sendable {
  /// `nil` if the source was not read.
  package var source: FileRecord?
  /// The image and what was written beside it.
  package var files: [FileRecord] = []
  /// The transforms drawn, as JSON; empty if the job draws nothing.
  package var draw: [UInt8] = []

  package init() {}

  /// Adds what another process has recorded of the same product.
  package mutating func append(_ other: ProductRecord) {
    source = source ?? other.source
    files += other.files
    if draw.isEmpty { draw = other.draw }
  }
}

extension JSONText {
  mutating func append(_ file: FileRecord) {
    append("{\"path\":")
    append(quoting: file.path)
    append(",\"bytes\":")
    append(file.byteCount)
    append(",\"hash\":")
    append(quoting: file.hash.description)
    append("}")
  }
}
