internal import CImaging

/// Exchanges the colour channels. Colour only.
///
/// Source: Albumentations `ChannelShuffle`, OpenCV `mixChannels`.
public struct ChannelShuffle: Transform {
  /// Where each channel comes from.
  public struct Drawn: Codable, Sendable {
    /// A permutation of 0, 1, 2: channel i is taken from channel `order[i]`.
    public var order: [Int]

    /// Takes channel i from channel `order[i]`.
    public init(order: [Int]) { self.order = order }
  }

  /// The sentence of `augment-cli transforms`.
  public static let summary = "Puts red, green and blue in a random order, each of the six as likely."
  /// One of the six orders is the one there was.
  public static let identityProbability = 1.0 / 6
  /// It has none.
  public static let parameters: [Parameter<ChannelShuffle>] = []

  /// The transform; it has no parameters.
  public init() {}

  /// Draws the order.
  public func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(order: random.permutation(3))
  }

  /// Exchanges.
  public func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    precondition(drawn.order.sorted() == [0, 1, 2], "an order of three channels")
    guard shape.channels == 3 else { return .inapplicable("a grey image has a single channel") }
    let order = drawn.order.map { Int32($0) }
    return .kernel { source, destination, message in unsafe cimaging_shuffle(source, destination, order, message) }
  }
}
