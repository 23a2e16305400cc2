import Foundation
import Imaging

extension ReferenceCase {
  /// Whether our bytes are close enough to theirs.
  func allows(_ difference: Difference) -> Bool {
    switch tolerance {
    case .exact: difference.largest == 0
    // Without fused multiply-adds, a value near a tie occasionally falls on the other side of the tie.
    case .fused: difference.largest <= 1 && (isTiny || difference.share < 0.002)
    case .one: difference.largest <= 1
    case .near: isNear(difference)
    }
  }

  /// Whether the image is too small for shares and ratios to mean anything.
  private var isTiny: Bool { source.byteCount < 1000 }

  /// A warp differs where neighbours differ, most of all in white noise. The nearest pixel may be another one, but
  /// seldom is.
  private func isNear(_ difference: Difference) -> Bool {
    if interpolation == 0 { return isTiny || difference.share < 0.05 }
    return difference.largest <= largestOfAWarp && (isTiny || difference.decibels >= (isSteep ? 40 : 45))
  }

  private var isSteep: Bool { picture == "noise" || [2, 4].contains(interpolation) }

  /// How far a byte of a warp may be off. The peer rounds places to 32nds of a pixel differently, by at most a 64th in
  /// each direction; the slopes of Lanczos' eight taps in white noise amplify that most.
  var largestOfAWarp: Int {
    if picture == "noise" && interpolation == 4 { return 20 }
    return isSteep ? 16 : 8
  }

  /// The kind of input: photograph, gradient or noise.
  var picture: String { String((fields["input"] as? String ?? "gradient").prefix { $0.isLetter }) }

  /// Our bytes, with theirs at ties that rounding noise decides. From 130 cells on, OpenCV filters by Fourier
  /// transforms, those of IPP, whose last bits differ between kinds of processor. The sums of a smaller kernel have the
  /// same last bits wherever multiply-adds are fused.
  func settled(_ ours: [UInt8], _ theirs: [UInt8], of image: borrowing PixelBuffer) -> [UInt8] {
    let weights = (fields["kernel"] as? [Double] ?? []).map { Float($0) }
    let isFused = fields["isFused"] as? Bool ?? false
    guard weights.count >= 130 || !isFused, let kernel = WholeKernel(weights) else { return ours }
    return kernel.nearestBytes(image).settling(ours, as: theirs)
  }
}
