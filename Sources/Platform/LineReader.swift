package import SystemPackage

/// Reads a file line by line, whatever its size.
package enum LineReader {
  private static let blockByteCount = 1 << 20

  /// Calls `body` with each complete line, without its newline. What follows the last newline is no line.
  /// - Parameter body: also gets the offset behind the line.
  package static func forEachLine(
    of path: FilePath, in folder: Folder = .working, _ body: (_ line: ArraySlice<UInt8>, _ end: Int) throws -> Void
  ) throws {
    let file = try RegularFile(path, in: folder)
    var (rest, offset) = ([UInt8](), 0)
    while true {
      let block = try file.read(count: blockByteCount)
      guard !block.isEmpty else { return }
      // Of a line longer than a block, only what is new is searched.
      var (begin, searched) = (0, rest.count)
      rest += block
      while let newline = rest[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        try body(rest[begin..<newline], offset + newline + 1)
        (begin, searched) = (newline + 1, newline + 1)
      }
      offset += begin
      rest.removeFirst(begin)
    }
  }
}
