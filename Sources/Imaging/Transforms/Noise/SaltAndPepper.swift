internal import CImaging

/// Makes some pixels white and others black. Grey and colour.
///
/// Source: Albumentations `SaltAndPepper`.
package struct SaltAndPepper: Transform {
  package struct Drawn: Codable, Sendable {
    /// Numbers of white and of black pixels.
    package var salt: Int
    package var pepper: Int
    /// Seeds their places.
    package var seed: UInt64

    package init(salt: Int, pepper: Int, seed: UInt64) { (self.salt, self.pepper, self.seed) = (salt, pepper, seed) }
  }

  package static let summary = "Makes some pixels white and others black."
  package static let parameters: [Parameter<SaltAndPepper>] = [
    .fixedOrRange("amount", \.amount, in: 0...1, "share of the pixels that change"),
    .fixedOrRange("salt_vs_pepper", \.saltVsPepper, in: 0...1, "share of these that become white"),
  ]

  package var amount = 0.01...0.06
  package var saltVsPepper = 0.4...0.6

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let count = Int(Double(context.shape.width * context.shape.height) * random.uniform(amount))
    let salt = Int(Double(count) * random.uniform(saltVsPepper))
    return Drawn(salt: salt, pepper: count - salt, seed: random.next())
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    .kernel { source, destination, message in
      unsafe cimaging_salt_and_pepper(
        source, destination, drawn.seed, Int64(drawn.salt), Int64(drawn.pepper), message)
    }
  }
}
