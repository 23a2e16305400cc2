internal import CExpat

/// Parses a whole XML file into its root element by libexpat.
///
/// A document type is refused, and with it every entity but those of XML itself, so nothing expands and no other file
/// is read. Owns libexpat's parser, which calls back into this object only while `parse` runs.
@safe final class ExpatParser {
  private let parser: XML_Parser
  private var builder = XMLElement.Builder()
  private var failure: XMLElement.Failure?

  static func parse(_ bytes: [UInt8]) throws(XMLElement.Failure) -> XMLElement {
    try ExpatParser().root(of: bytes)
  }

  private init() throws(XMLElement.Failure) {
    guard let parser = unsafe XML_ParserCreate(nil) else { throw XMLElement.Failure(reason: .outOfMemory, line: 1) }
    unsafe self.parser = parser
    unsafe XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    unsafe XML_SetStartDoctypeDeclHandler(parser) { context, _, _, _, _ in
      unsafe ExpatParser.at(context).stop(.documentType)
    }
    unsafe XML_SetElementHandler(
      parser,
      { context, name, attributes in unsafe ExpatParser.at(context).begin(name, attributes) },
      { context, _ in unsafe ExpatParser.at(context).builder.end() })
    unsafe XML_SetCharacterDataHandler(parser) { context, text, count in
      let bytes = unsafe UnsafeRawBufferPointer(start: text, count: Int(count))
      unsafe ExpatParser.at(context).builder.append(String(decoding: bytes, as: UTF8.self))
    }
  }

  deinit { unsafe XML_ParserFree(parser) }

  private static func at(_ context: UnsafeMutableRawPointer?) -> ExpatParser {
    guard let context = unsafe context else { preconditionFailure("the parser passes on what it was given") }
    return unsafe Unmanaged<ExpatParser>.fromOpaque(context).takeUnretainedValue()
  }

  private var line: Int { unsafe Int(XML_GetCurrentLineNumber(parser)) }

  /// - Parameter attributes: name, value, name, value, …, `nil`; all texts are valid during the call.
  private func begin(_ name: UnsafePointer<CChar>?, _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?) {
    var texts: [String] = []
    var next = unsafe attributes
    while let text = unsafe next?.pointee {
      texts.append(unsafe String(cString: text))
      unsafe next = next?.successor()
    }
    do throws(LabelError.Reason) {
      try builder.begin(unsafe name.map { unsafe String(cString: $0) } ?? "", attributes: texts, line: line)
    } catch {
      stop(error)
    }
  }

  /// Ends the parsing; libexpat may still make the calls of the same tag.
  private func stop(_ reason: LabelError.Reason) {
    failure = failure ?? XMLElement.Failure(reason: reason, line: line)
    unsafe XML_StopParser(parser, XML_Bool(XML_FALSE))
  }

  private func root(of bytes: [UInt8]) throws(XMLElement.Failure) -> XMLElement {
    let status = unsafe bytes.withUnsafeBytes { bytes in
      unsafe XML_Parse(parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), 1)
    }
    if let failure { throw failure }
    guard status == XML_STATUS_OK, let root = builder.root else {
      throw XMLElement.Failure(reason: syntaxError, line: line)
    }
    return root
  }

  private var syntaxError: LabelError.Reason {
    let code = unsafe XML_GetErrorCode(parser)
    if code == XML_ERROR_NO_MEMORY { return .outOfMemory }
    let text = unsafe XML_ErrorString(code).map { unsafe String(cString: $0) } ?? "it cannot be read"
    return .syntax(language: "XML", text)
  }
}
