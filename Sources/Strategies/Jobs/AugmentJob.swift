public import Imaging

/// What is to be done to every image, and where the outcome goes: all that a process needs to know to do its share.
public struct AugmentJob: Sendable {
  /// What is done to each copy.
  public var pipeline = Pipeline.default
  /// Number that, with path and copy, decides every draw.
  public var seed: UInt64 = 0
  /// Whether copies are encoded and written.
  public var isSaving = true
  /// How copies are encoded.
  package var encoding = EncodingOptions()
  /// Whether copies of JPEG files that are only mirrored or turned are made without decoding, where their size allows it.
  public var isLossless = false
  /// Images with more pixels than this are refused before anything is allocated for them.
  public var maxPixels = ImageDecoder.defaultMaxPixels
  /// Which images, and how their copies are called.
  public var plan: Plan

  /// A job of the default pipeline on `plan`.
  public init(_ plan: Plan) { self.plan = plan }
}
