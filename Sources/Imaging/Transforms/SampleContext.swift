/// What a transform may know of an image when it draws: never its pixels, so that what a pipeline will do is known before
/// anything is decoded.
public struct SampleContext: Sendable {
  /// Width, height and channels.
  public var shape: ImageShape

  /// An image of `shape`.
  public init(_ shape: ImageShape) { self.shape = shape }
}

/// What a transform draws that has nothing to choose.
public struct NothingDrawn: Hashable, Codable, Sendable {
  /// The only one there is.
  public init() {}
}
