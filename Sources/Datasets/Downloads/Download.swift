package import Imaging
internal import Platform
internal import SystemPackage

/// What became of one URL of a run.
package struct Download: Codable, Hashable, Sendable {
  package enum Outcome: String, Codable, CaseIterable, Sendable {
    case downloaded
    /// Noise takes the place of the image.
    case synthetic
    /// There is no file for this URL.
    case skipped
  }

  /// Position in the run, from 1.
  package var number: Int
  package var url: String
  package var outcome = Outcome.skipped
  package var attempts = 0
  /// Status of the last HTTP response; `nil` if the last attempt got none.
  package var status: Int?
  /// Why the image was not downloaded; a sentence fragment.
  package var reason: String?
  /// Size of what arrived, before any scaling.
  package var byteCount = 0
  /// From the first attempt to the file, waits included.
  package var seconds = 0.0
  /// Name of the file in the output folder.
  package var file: String?

  /// Whether it needed no request, because an earlier process had left it.
  package var wasThere: Bool { outcome == .downloaded && attempts == 0 }

  package init(number: Int, url: String) { (self.number, self.url) = (number, url) }

  /// Name of the image with this number, whatever its format: unlike a name from the URL, it is never taken, reserved or
  /// hostile.
  package static func stem(_ number: Int) -> String {
    let digits = String(number)
    return "image_\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)"
  }

  /// Name of the image with this number.
  package static func file(_ number: Int, _ format: ImageFormat) -> String {
    "\(stem(number)).\(format.fileExtensions[0])"
  }

  /// The number of the image with this name; `nil` if no image is named so.
  package static func number(ofFile name: String) -> Int? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, ImageFormat(fileExtension: String(parts[1])) != nil,
      let number = Int(parts[0].drop { !$0.isNumber }), parts[0] == stem(number)
    else { return nil }
    return number
  }
}

/// Why one attempt to download an image failed.
package struct DownloadFailure: Error, Hashable, Sendable {
  package enum Cause: Hashable, Sendable {
    /// The server answered with a status other than success.
    case status(Int)
    /// No connection, or it broke.
    case disconnected
    case timedOut
    /// The body ended early.
    case truncated
    /// More bytes than the limit.
    case tooLarge
    /// A redirect that leads to a private address or another scheme, or one too many.
    case refusedRedirect
    /// Malformed, or of a scheme that is not allowed.
    case badURL
    /// What arrived, with this status, is not an image that can be decoded.
    case undecodable(status: Int?)
    case other
  }

  package var cause: Cause
  /// A sentence fragment.
  package var reason: String
  /// What the server asks for; 0 if nothing.
  package var retryAfterSeconds: Int

  package init(_ cause: Cause, _ reason: String, retryAfterSeconds: Int = 0) {
    (self.cause, self.reason, self.retryAfterSeconds) = (cause, reason, retryAfterSeconds)
  }

  /// Of the HTTP response, if there was one.
  package var status: Int? {
    switch cause {
    case .status(let status): status
    case .undecodable(let status): status
    default: nil
    }
  }
}

extension OutputFolder {
  /// The image of a download; `nil` if there is none.
  package func download(_ number: Int) -> String? {
    ImageFormat.allCases.map { Download.file(number, $0) }.first { byteCount(of: $0) != nil }
  }

  /// The images of downloads that are there, by number. Of one number there may be several, in different formats.
  package func downloads() throws -> [Int: [String]] {
    let names = try folder.names().map(\.text).sorted()
    return names.reduce(into: [:]) { files, name in
      if let number = Download.number(ofFile: name) { files[number, default: []].append(name) }
    }
  }
}
