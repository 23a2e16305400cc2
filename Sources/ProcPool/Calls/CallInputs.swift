/// The inputs of a call that are all there from the start. What is inlinable is compiled where the type is known, so that
/// one input among millions costs no more than its copy.
@usableFromInline
struct CallInputs<Input: Codable> {
  @usableFromInline
  let count: Int
  /// Bytes from one payload to the next where the inputs are plain memory; else 0.
  @usableFromInline
  let stride: Int
  /// Appends the payloads of some inputs, one after another.
  @usableFromInline
  let append: (_ range: Range<Int>, _ buffer: inout ByteBuffer) throws -> Void

  @inlinable
  init(_ items: some Collection<Input>) {
    let inputs = Array(items)
    count = inputs.count
    if _isPOD(Input.self) {
      let stride = MemoryLayout<Input>.stride
      self.stride = stride
      append = { range, buffer in
        unsafe inputs.withUnsafeBytes { all in
          let bytes = range.lowerBound * stride..<range.upperBound * stride
          unsafe buffer.append(UnsafeRawBufferPointer(rebasing: all[bytes]).bytes)
        }
      }
    } else {
      let codec = PayloadCodec<Input>()
      stride = 0
      append = { range, buffer in for index in range { try codec.append(inputs[index], to: &buffer) } }
    }
  }
}
