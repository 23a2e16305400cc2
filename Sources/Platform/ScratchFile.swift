internal import Glibc
internal import SystemPackage

/// A file without a name, for what does not fit in memory. It is gone when its owner is.
package struct ScratchFile: ~Copyable {
  private let file: Descriptor
  private let place: FilePath
  package private(set) var byteCount = 0

  /// - Parameter folder: on the disk that is to hold it.
  package init(in folder: Folder) throws(FileError) {
    let number = String(UInt64.random(in: .min ... .max), radix: 36)
    let name = FilePath("\(AtomicFile.temporaryPrefix)\(number)\(AtomicFile.temporarySuffix)")
    let file = try FileError.at(name, .write) { () throws(Errno) in
      try Descriptor(name, in: folder, O_RDWR | O_CREAT | O_EXCL)
    }
    try folder.removeFile(name)
    self.file = file
    place = name
  }

  /// - Returns: the offset of the bytes.
  package mutating func append(_ bytes: [UInt8]) throws(FileError) -> Int {
    let offset = byteCount
    do throws(Errno) {
      try file.write(bytes.span)
    } catch {
      throw FileError(.write, place, .system(error))
    }
    byteCount += bytes.count
    return offset
  }

  package func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    do throws(Errno) {
      return try file.read(at: offset, count: count)
    } catch {
      throw FileError(.read, place, .system(error))
    }
  }
}
