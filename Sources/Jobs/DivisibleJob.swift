package import Imaging

/// A job whose work on one image can be shared by threads or processes. Who they are is up to the strategy.
package protocol DivisibleJob: Job {
  /// The work that they share.
  var quantization: QuantizeOptions { get }
  /// Like `makeWorker()`, with quantisers whose work is shared.
  func makeWorker(sharing quantizers: @escaping QuantizerSource) -> Worker
}

/// Gives a quantiser for an image of that many pixels; the same one as before, if it has the memory.
package typealias QuantizerSource = (_ pixelCount: Int) throws(ImagingError) -> Quantizer
