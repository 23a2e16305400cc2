extension Orientation {
  /// What brings pixels upright, as a change of rows and columns that comes first, a mirror and a flip.
  private struct Parts: Hashable {
    var swaps, mirrors, flips: Bool
  }

  private var parts: Parts {
    switch self {
    case .upright: Parts(swaps: false, mirrors: false, flips: false)
    case .mirror: Parts(swaps: false, mirrors: true, flips: false)
    case .halfTurn: Parts(swaps: false, mirrors: true, flips: true)
    case .flip: Parts(swaps: false, mirrors: false, flips: true)
    case .transpose: Parts(swaps: true, mirrors: false, flips: false)
    case .quarterTurn: Parts(swaps: true, mirrors: true, flips: false)
    case .transverse: Parts(swaps: true, mirrors: true, flips: true)
    case .quarterTurnBack: Parts(swaps: true, mirrors: false, flips: true)
    }
  }

  /// The one that does what this one and then `next` do.
  public func followed(by next: Orientation) -> Orientation {
    let (first, second) = (parts, next.parts)
    // A mirror before rows become columns is a flip after it.
    let (mirrors, flips) = second.swaps ? (first.flips, first.mirrors) : (first.mirrors, first.flips)
    let both = Parts(
      swaps: first.swaps != second.swaps, mirrors: mirrors != second.mirrors, flips: flips != second.flips)
    return Self.allCases.first { $0.parts == both } ?? .upright
  }
}
