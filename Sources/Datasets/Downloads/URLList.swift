package import Platform
internal import SystemPackage

/// The URLs of a run, by number from 1: the lines of a text file, or one URL with fields. Numbers beyond the last line
/// begin again at the first.
package struct URLList: Sendable {
  /// Why a list cannot be used.
  package enum Invalid: Error, CustomStringConvertible {
    case unreadable(FileError)
    case notURL(path: String, line: Int)
    case notText(path: String)
    case empty(path: String)
    case template(String, URLTemplate.Invalid)
    case tooLong(number: Int)

    /// One sentence.
    package var description: String {
      switch self {
      case .unreadable(let error): error.description
      case .notURL(let path, let line): "\(path):\(line): is not a URL"
      case .notText(let path): "\(path): is not a text file of URLs"
      case .empty(let path): "\(path): no URLs here"
      case .template(let url, let reason): "\(url): \(reason)"
      case .tooLong(let number): "the URL of image \(number) is longer than \(ListingSegment.pathLimit) bytes"
      }
    }

  }

  private enum Source {
    case lines([String], from: Int)
    case template(URLTemplate, seed: UInt64)
  }

  private let source: Source

  /// 100 MB of URLs: anything larger is a wrong file.
  private static let largestByteCount = 100_000_000

  /// Reads a list of URLs, or takes `text` as a URL if it is one.
  package init(_ text: String, seed: UInt64) throws(Invalid) {
    if Self.isURL(text) {
      do throws(URLTemplate.Invalid) {
        source = .template(try URLTemplate(text), seed: seed)
      } catch {
        throw .template(text, error)
      }
    } else {
      source = .lines(try Self.lines(ofFile: text), from: 1)
    }
  }

  /// - Parameter first: number of the first one.
  package init(_ urls: [String], from first: Int = 1) { source = .lines(urls, from: first) }

  /// Whether a text names a URL rather than a file.
  package static func isURL(_ text: some StringProtocol) -> Bool {
    guard let colon = text.firstIndex(of: ":") else { return false }
    return text[colon...].hasPrefix("://") && text[..<colon].utf8.allSatisfy(isSchemeByte) && colon > text.startIndex
  }

  private static func isSchemeByte(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || "0123456789+-.".utf8.contains(byte)
  }

  private static func lines(ofFile path: String) throws(Invalid) -> [String] {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try File.readToEnd(FilePath(text: path), limit: largestByteCount)
    } catch {
      throw .unreadable(error)
    }
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { throw .notText(path: path) }
    return try lines(of: text, path: path)
  }

  /// The URLs of a list: one per line, without blank lines and those that begin with `#`.
  package static func lines(of text: String, path: String) throws(Invalid) -> [String] {
    var urls: [String] = []
    let text = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let line = line.trimmed
      guard !line.isEmpty, line.first != "#" else { continue }
      // Found before the run begins: it is a fault of the list, not of a server.
      guard isURL(line), !line.contains(where: \.isWhitespace) else { throw .notURL(path: path, line: index + 1) }
      urls.append(String(line))
    }
    guard !urls.isEmpty else { throw .empty(path: path) }
    return urls
  }

  /// The number of different entries: 1 for a URL with fields.
  package var count: Int { if case .lines(let urls, _) = source { urls.count } else { 1 } }

  /// - Parameter number: from 1.
  package subscript(number: Int) -> String {
    switch source {
    case .lines(let urls, let first): urls[(number - first) % urls.count]
    case .template(let template, let seed): template.url(number: number, seed: seed)
    }
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    let start = self.drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return start }
    return start[...last]
  }
}
