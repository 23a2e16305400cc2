internal import CImaging

/// A portable map of Netpbm being read. The format is so simple that a decoder whose every access is checked is safer
/// than a library.
struct PNMReader: ~Copyable, ImageReader {
  static let format = ImageFormat.pnm
  private let bytes: FileBytes
  private let header: PNMHeader
  let metadata: ImageMetadata

  @unsafe
  init(_ bytes: UnsafeRawBufferPointer, _ settings: ReadingSettings) throws(ImagingError) {
    let file = unsafe FileBytes(bytes)
    let header = try PNMHeader(file)
    let shape = ImageShape(width: header.width, height: header.height, channels: header.channels)
    guard !shape.exceeds(settings.maxPixels) else {
      throw .tooLarge(width: shape.width, height: shape.height, maxPixels: settings.maxPixels)
    }
    var metadata = ImageMetadata()
    metadata.isDeep = header.largest > 255
    (self.bytes, self.header, self.metadata) = (file, header, metadata)
  }

  var shape: ImageShape { ImageShape(width: header.width, height: header.height, channels: header.channels) }
  var hasAlpha: Bool { header.hasAlpha }

  mutating func readPixels(
    into color: inout PixelBuffer, alpha: inout PixelBuffer, scratch: inout PixelBuffer
  ) throws(ImagingError) -> cimaging_warnings {
    let (bytes, header, hasAlpha) = (bytes, header, hasAlpha)
    try checkLength()
    try color.reshape(to: shape)
    try alpha.reshape(to: hasAlpha ? alphaShape : ImageShape(width: 0, height: 0, channels: 1))
    try bytes.withSpan { bytes throws(ImagingError) in
      try color.withMutableSpan { color throws(ImagingError) in
        try alpha.withMutableSpan { alpha throws(ImagingError) in
          var samples = PNMSamples(header, largest: 255)
          for pixel in 0..<header.width * header.height {
            for channel in 0..<header.channels {
              color[pixel * header.channels + channel] = UInt8(try samples.next(bytes))
            }
            if hasAlpha { alpha[pixel] = UInt8(try samples.next(bytes)) }
          }
        }
      }
    }
    return cimaging_warnings()
  }

  /// Reads the pixels with 16 bits to a sample.
  func readDeepPixels(into image: inout MaskImage) throws(ImagingError) {
    try checkLength()
    let layout = MaskLayout(header.channels == 3 ? .rgb : .grey, bitDepth: 16, hasAlpha: hasAlpha)
    try image.reshape(to: shape.size, layout)
    let header = header
    try bytes.withSpan { bytes throws(ImagingError) in
      var samples = PNMSamples(header, largest: 0xFFFF)
      for row in 0..<header.height {
        for place in 0..<header.width * (header.channels + (header.hasAlpha ? 1 : 0)) {
          let (column, sample) = place.quotientAndRemainder(dividingBy: header.channels + (header.hasAlpha ? 1 : 0))
          image.set(try samples.next(bytes), row: row, column: column, sample: sample)
        }
      }
    }
  }

  /// Throws if the bytes are too few for the image, before memory is taken for it.
  private func checkLength() throws(ImagingError) {
    let samples = header.width * header.height * (header.channels + (header.hasAlpha ? 1 : 0))
    let least =
      switch header.encoding {
      case .bits: (header.width + 7) / 8 * header.height
      case .bytes: samples * header.sampleByteCount
      case .text: samples
      }
    guard least <= bytes.count - header.dataOffset else {
      throw .truncated("the PNM file ends before its image does")
    }
  }
}

/// The header of a portable map.
struct PNMHeader {
  enum Encoding {
    /// Eight pixels to a byte, black is 1.
    case bits
    case bytes
    case text
  }

  private(set) var width = 0
  private(set) var height = 0
  private(set) var channels = 1
  private(set) var hasAlpha = false
  /// Of a sample; 1 to 65535.
  private(set) var largest = 1
  private(set) var encoding = Encoding.bytes
  /// Whether a sample of 1 is black.
  private(set) var isInverted = false
  private(set) var dataOffset = 2

  var sampleByteCount: Int { largest > 255 ? 2 : 1 }

  init(_ bytes: FileBytes) throws(ImagingError) {
    let digit = Int(bytes[1] ?? 0) - 0x30
    if digit == 7 {
      try readLines(bytes)
    } else {
      (encoding, channels) = (digit == 4 ? .bits : digit < 4 ? .text : .bytes, digit % 3 == 0 ? 3 : 1)
      isInverted = digit % 3 == 1
      (width, height) = (try number(bytes), try number(bytes))
      largest = isInverted ? 1 : try number(bytes)
      dataOffset += 1  // one white space, behind which a byte is a sample
    }
    guard width > 0, height > 0, (1...0xFFFF).contains(largest) else {
      throw .damaged("a PNM image of \(width) x \(height) with samples up to \(largest)")
    }
  }

  /// The next number, behind white space and comments.
  private mutating func number(_ bytes: FileBytes) throws(ImagingError) -> Int {
    while let byte = bytes[dataOffset], byte.isSpace || byte == 0x23 {
      dataOffset += 1
      if byte == 0x23 { while let byte = bytes[dataOffset], !byte.isLineEnd { dataOffset += 1 } }
    }
    var number: Int?
    while let byte = bytes[dataOffset], let digit = byte.digit {
      number = 10 * (number ?? 0) + digit
      guard number ?? 0 <= Int(Int32.max) else { throw .damaged("a PNM header with a number beyond all limits") }
      dataOffset += 1
    }
    guard bytes[dataOffset] != nil else { throw .truncated("the PNM file ends inside its header") }
    guard let number else { throw .damaged("a PNM header without a number where one must be") }
    return number
  }

  /// The lines of an arbitrary map: a word and its value.
  private mutating func readLines(_ bytes: FileBytes) throws(ImagingError) {
    var values: [String: Int] = [:]
    while let line = line(bytes) {
      let words = line.split(separator: " ", omittingEmptySubsequences: true)
      switch words.first {
      case "ENDHDR":
        let depth = values["DEPTH"] ?? 0
        guard (1...4).contains(depth) else { throw .unsupported("a PNM image with \(depth) channels") }
        (width, height, largest) = (values["WIDTH"] ?? 0, values["HEIGHT"] ?? 0, values["MAXVAL"] ?? 0)
        (channels, hasAlpha) = (depth < 3 ? 1 : 3, depth.isMultiple(of: 2))
        return
      case let word?:
        if words.count > 1, let value = Int(words[1]) { values[String(word)] = min(max(value, 0), Int(Int32.max)) }
      case nil: break
      }
    }
    throw .truncated("the PNM file ends inside its header")
  }

  /// The next line, of at most 255 letters; `nil` if there is none.
  private mutating func line(_ bytes: FileBytes) -> String? {
    let start = dataOffset
    while let byte = bytes[dataOffset] {
      dataOffset += 1
      if byte == 0x0A {
        return bytes.copy(min(dataOffset - start - 1, 255), at: start).map { String(decoding: $0, as: UTF8.self) }
      }
    }
    return nil
  }
}

/// The samples of a portable map, one after the other, scaled and rounded.
private struct PNMSamples {
  private let header: PNMHeader
  /// What the largest sample is scaled to.
  private let largest: Int
  private var offset: Int
  /// Pixels read of a row of bits.
  private var column = 0

  init(_ header: PNMHeader, largest: Int) {
    (self.header, self.largest, offset) = (header, largest, header.dataOffset)
  }

  mutating func next(_ bytes: Span<UInt8>) throws(ImagingError) -> Int {
    let sample =
      switch header.encoding {
      case .bits: nextBit(bytes)
      case .text: min(try number(bytes), header.largest)
      case .bytes: min(nextBytes(bytes), header.largest)
      }
    let light = header.isInverted ? header.largest - sample : sample
    return header.largest == largest ? light : (light * largest + header.largest / 2) / header.largest
  }

  private mutating func nextBytes(_ bytes: Span<UInt8>) -> Int {
    offset += header.sampleByteCount
    let low = Int(bytes[offset - 1])
    return header.sampleByteCount == 1 ? low : Int(bytes[offset - 2]) << 8 | low
  }

  private mutating func nextBit(_ bytes: Span<UInt8>) -> Int {
    let bit = bytes[offset] >> UInt8(7 - column % 8) & 1
    column += 1
    if column.isMultiple(of: 8) || column == header.width { offset += 1 }
    if column == header.width { column = 0 }
    return Int(bit)
  }

  /// The next number of a map that is text; of a bitmap the next digit, as these need no space between.
  private mutating func number(_ bytes: Span<UInt8>) throws(ImagingError) -> Int {
    while offset < bytes.count, bytes[offset].isSpace || bytes[offset] == 0x23 {
      let isComment = bytes[offset] == 0x23
      offset += 1
      if isComment { while offset < bytes.count, !bytes[offset].isLineEnd { offset += 1 } }
    }
    guard offset < bytes.count else { throw .truncated("the PNM file ends before its image does") }
    guard var number = bytes[offset].digit else { throw .damaged("a PNM image with something that is no number") }
    offset += 1
    while !header.isInverted, offset < bytes.count, let digit = bytes[offset].digit {
      number = min(10 * number + digit, 0xFFFF + 1)
      offset += 1
    }
    return number
  }
}

extension UInt8 {
  fileprivate var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
  fileprivate var isLineEnd: Bool { self == 0x0A || self == 0x0D }
  fileprivate var digit: Int? { (0x30...0x39).contains(self) ? Int(self) - 0x30 : nil }
}
