internal import CJSON
internal import Platform

/// Handles the events of a file as they come.
protocol JSONHandler {
  /// - Throws: what makes the file unusable; nothing more is read.
  mutating func handle(_ event: JSONEvent) throws(JSONFailure)
}

/// Why a file is not read to its end, and where.
struct JSONFailure: Error {
  var reason: LabelError.Reason
  /// From 1; `nil` if it does not matter.
  var line: Int?
  var path = ""
}

/// What a reader of JSON reads.
enum JSONSource: ~Copyable {
  case file(RegularFile)
  case bytes([UInt8])
}

/// Reads JSON of any size in pieces. Calls of the C layer reach this object only while `read` runs.
@safe class JSONStream {
  // Labels need about 6 levels.
  private static let depthLimit = 512
  /// Of a text. Run lengths of the largest photographs take a few MiB.
  private static let textByteLimit = 64 << 20

  private let source: JSONSource
  /// In a source of bytes.
  private var place = 0
  fileprivate var failure: JSONFailure?

  static func read<Handler: JSONHandler>(
    _ source: consuming JSONSource, _ handler: inout Handler
  ) throws(JSONFailure) {
    let stream = HandledStream(source, handler)
    defer { handler = stream.handler }
    try stream.read()
  }

  fileprivate init(_ source: consuming JSONSource) { self.source = source }

  fileprivate func handle(_ event: JSONEvent) -> Bool { preconditionFailure("a subclass handles events") }

  private func read() throws(JSONFailure) {
    var calls = unsafe cjson_source(
      context: Unmanaged.passUnretained(self).toOpaque(),
      read: { context, buffer, capacity in
        unsafe JSONStream.at(context).fill(UnsafeMutableRawBufferPointer(start: buffer, count: capacity))
      },
      handle: { context, event in
        guard let event = unsafe event else { return false }
        return unsafe JSONStream.at(context).handle(JSONEvent(event.pointee))
      })
    let limits = cjson_limits(depth: Self.depthLimit, byte_count: Self.textByteLimit)
    let result = unsafe cjson_read(&calls, limits)
    if let failure { throw failure }
    if let reason = Self.reason(result.status) { throw JSONFailure(reason: reason, line: Int(result.line)) }
  }

  private static func at(_ context: UnsafeMutableRawPointer?) -> JSONStream {
    guard let context = unsafe context else { preconditionFailure("the reader passes on what it was given") }
    return unsafe Unmanaged<JSONStream>.fromOpaque(context).takeUnretainedValue()
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    switch source {
    case .bytes(let bytes):
      let next = bytes[place...].prefix(buffer.count)
      place += next.count
      unsafe buffer.copyBytes(from: next)
      return next.count
    case .file(let file):
      do throws(FileError) {
        return unsafe try file.read(into: buffer)
      } catch {
        failure = JSONFailure(reason: .unusable(error))
        return -1
      }
    }
  }

  private static func reason(_ status: cjson_status) -> LabelError.Reason? {
    switch status {
    case CJSON_OK: nil
    case CJSON_OUT_OF_MEMORY: .outOfMemory
    case CJSON_TOO_DEEP: .tooDeep(limit: depthLimit)
    case CJSON_NOT_UTF8: .notText
    default: .syntax(language: "JSON", fault(status))
    }
  }

  private static func fault(_ status: cjson_status) -> String {
    switch status {
    case CJSON_TOO_LONG: "a text has more than \(textByteLimit >> 20) MiB"
    case CJSON_EMPTY: "it is empty"
    case CJSON_UNFINISHED: "it ends too early"
    case CJSON_NO_VALUE: "a value is missing or misspelt"
    case CJSON_NO_KEY: "a key is missing, which must be a text"
    case CJSON_NO_COLON: "a colon is missing"
    case CJSON_NO_COMMA_IN_OBJECT: "a comma or } is missing"
    case CJSON_NO_COMMA_IN_LIST: "a comma or ] is missing"
    case CJSON_WRONG_ESCAPE: "a text has an unknown escape, or a control character without one"
    case CJSON_ENDLESS_TEXT: "a text does not end"
    case CJSON_WRONG_NUMBER: "a number is not finished"
    case CJSON_LARGE_NUMBER: "a number is too large"
    case CJSON_MORE_BEHIND_END: "there is more behind its end"
    default: "it cannot be read"
    }
  }
}

/// A function that C calls cannot be generic, but a method that it calls can be one of a generic class.
private final class HandledStream<Handler: JSONHandler>: JSONStream {
  var handler: Handler

  init(_ source: consuming JSONSource, _ handler: Handler) {
    self.handler = handler
    super.init(source)
  }

  override func handle(_ event: JSONEvent) -> Bool {
    do throws(JSONFailure) {
      try handler.handle(event)
      return true
    } catch {
      failure = error
      return false
    }
  }
}
