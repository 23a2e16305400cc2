internal import CHTTP

/// Downloads URLs into memory, one after another, over connections that stay open between them. Used by the process that
/// made it.
///
/// A URL may name any server. A redirect may not lead to an address that is not public, unless that is allowed or the
/// first request went to it: whoever runs a public server does not get to reach the user's network.
@safe
package struct HTTPClient: ~Copyable {
  package struct Options: Hashable, Sendable {
    /// Product and version, for servers.
    package var userAgent = "augment-cli"
    /// Time limit of a download with its redirects. Half of it is for a connection, and ends a download that is slower
    /// than `slowBytesPerSecond`.
    package var timeoutSeconds = 20.0
    package var largestByteCount = 100_000_000
    package var allowsFiles = false
    package var allowsPrivateRedirects = false

    package init() {}

    package static let slowBytesPerSecond = 1000
    fileprivate static let mostRedirects: Int32 = 10
  }

  /// What arrived with a status of success.
  package struct Response: Sendable {
    /// `nil` for a file.
    package var status: Int?
    package var body: [UInt8]
  }

  /// Why libcurl cannot be used; a sentence fragment from the loader.
  package struct Unavailable: Error, CustomStringConvertible {
    package let description: String
  }

  private let client: OpaquePointer

  /// Loads the library, for this process and those that it forks later.
  package static func load() throws(Unavailable) {
    var message = chttp_message()
    guard unsafe chttp_load(&message) else { throw Unavailable(description: message.string) }
  }

  package init(_ options: Options) throws(Unavailable) {
    var message = chttp_message()
    let milliseconds = Int64(max(1, options.timeoutSeconds * 1000))
    let client = unsafe options.userAgent.withCString { agent in
      var settings = unsafe chttp_options(
        user_agent: agent, connect_milliseconds: max(1, milliseconds / 2), total_milliseconds: milliseconds,
        slow_bytes_per_second: Int64(Options.slowBytesPerSecond), slow_seconds: max(1, milliseconds / 2000),
        largest_byte_count: options.largestByteCount, most_redirects: Options.mostRedirects,
        allows_files: options.allowsFiles, allows_private_redirects: options.allowsPrivateRedirects)
      return unsafe chttp_open(&settings, &message)
    }
    guard let client = unsafe client else { throw Unavailable(description: message.string) }
    unsafe self.client = client
  }

  deinit { unsafe chttp_close(client) }

  /// Downloads a URL.
  package func get(_ url: String) throws(DownloadFailure) -> Response {
    var response = unsafe chttp_response()
    unsafe chttp_get(client, url, &response)
    defer { unsafe chttp_response_free(&response) }
    let status = unsafe Int(response.status)
    guard unsafe response.outcome == CHTTP_OK else { throw unsafe DownloadFailure(response) }
    guard status == 0 || (200..<300).contains(status) else {
      throw DownloadFailure(status: status, retryAfterSeconds: unsafe Int(clamping: response.retry_after_seconds))
    }
    let body = unsafe [UInt8](UnsafeBufferPointer(start: response.body, count: response.byte_count))
    return Response(status: status == 0 ? nil : status, body: body)
  }
}

extension DownloadFailure {
  fileprivate init(status: Int, retryAfterSeconds: Int) {
    let wish = retryAfterSeconds > 0 ? ", and asks to wait \(retryAfterSeconds) s" : ""
    self.init(.status(status), "the server answers with status \(status)\(wish)", retryAfterSeconds: retryAfterSeconds)
  }

  fileprivate init(_ response: chttp_response) {
    let cause: Cause =
      switch unsafe response.outcome {
      case CHTTP_DISCONNECTED: .disconnected
      case CHTTP_TIMED_OUT: .timedOut
      case CHTTP_TRUNCATED: .truncated
      case CHTTP_TOO_LARGE: .tooLarge
      case CHTTP_REFUSED, CHTTP_REDIRECTS: .refusedRedirect
      case CHTTP_BAD_URL: .badURL
      default: .other
      }
    self.init(cause, unsafe response.message.string)
  }
}

extension chttp_message {
  /// The text up to its NUL.
  fileprivate var string: String {
    unsafe withUnsafeBytes(of: text) { bytes in unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
