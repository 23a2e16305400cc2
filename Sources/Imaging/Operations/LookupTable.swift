/// Sends every byte to another: one table for all channels, or one for each.
public struct LookupTable: Hashable, Sendable {
  /// 256 values, or 256 for each channel, one channel after the other.
  public let values: [UInt8]

  /// A table for all channels.
  public init(_ values: [UInt8]) {
    precondition(values.count == 256, "a value for each byte")
    self.values = values
  }

  /// The table of a function.
  public init(_ value: (UInt8) -> UInt8) { self.init((0..<256).map { value(UInt8($0)) }) }

  /// A table for each channel.
  public init(channels tables: [LookupTable]) { values = tables.flatMap(\.values) }

  /// Changes nothing.
  public static let identity = LookupTable { $0 }

  /// Both in one: this one first.
  public func followed(by next: LookupTable) -> LookupTable {
    let count = max(values.count, next.values.count)
    return LookupTable(
      unchecked: (0..<count).map { place in
        let value = Int(values[place % values.count])
        return next.values[(place - place % 256) % next.values.count + value]
      })
  }

  private init(unchecked values: [UInt8]) { self.values = values }

  /// Writes what the bytes of `source` become into `destination`, which takes the same shape.
  func apply(to source: borrowing PixelBuffer, into destination: inout PixelBuffer) throws(ImagingError) {
    let channels = values.count / 256
    if channels == 1 { return try destination.look(upIn: values, from: source) }
    precondition(channels == source.shape.channels, "a table for each channel")
    try destination.reshape(to: source.shape)
    // Both buffers have as many bytes, a multiple of the channels, and a table has a value for each byte.
    unsafe source.withBytes { input in
      unsafe destination.withBytes { output in
        unsafe values.withUnsafeBufferPointer { values in
          for first in stride(from: 0, to: input.count, by: channels) {
            for channel in 0..<channels {
              unsafe output[first + channel] = unsafe values[256 * channel + Int(input[first + channel])]
            }
          }
        }
      }
    }
  }
}
