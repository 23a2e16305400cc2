internal import CImaging

/// Permutes the colour channels. Colour only.
///
/// Source: Albumentations `ChannelShuffle`, OpenCV `mixChannels`.
package struct ChannelShuffle: Transform {
  package struct Drawn: Codable, Sendable {
    /// A permutation of 0, 1, 2: output channel i is input channel `order[i]`.
    package var order: [Int]

    package init(order: [Int]) { self.order = order }
  }

  package static let summary = "Shuffles red, green and blue; all six orders are equally likely."
  /// One of the six orders is the identity.
  package static let identityProbability = 1.0 / 6
  package static let parameters: [Parameter<ChannelShuffle>] = []

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(order: random.permutation(3))
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    precondition(drawn.order.sorted() == [0, 1, 2], "an order of three channels")
    guard shape.channels == 3 else { return .inapplicable("a grey image has a single channel") }
    let order = drawn.order.map { Int32($0) }
    return .kernel { source, destination, message in unsafe cimaging_shuffle(source, destination, order, message) }
  }
}
