internal import CImaging

/// What replaces the pixels of holes.
package enum HoleFill: Hashable, Sendable {
  /// One level for all channels, or one per channel; cut to whole ones.
  case levels([Double])
  /// A random byte for each value.
  case random
  /// A random colour for each hole.
  case randomUniform
  /// What lies around them, carried inward: OpenCV's `inpaint` with a radius of 3, of its installed version. That is
  /// 4.6 on Debian 12, which differs from later ones by some levels in holes near the upper or left edge.
  case inpainted(Inpainting)

  /// The methods of OpenCV's `inpaint`.
  package enum Inpainting: Int32, Sendable {
    case navierStokes = 0
    case telea = 1

    /// Whether OpenCV's photo library is installed, which nothing else needs. Loads it, so that workers find it loaded.
    package static var isAvailable: Bool { cimaging_can_inpaint() != 0 }
  }

  fileprivate static let names: [(name: String, fill: HoleFill)] = [
    ("random", .random), ("random_uniform", .randomUniform), ("inpaint_telea", .inpainted(.telea)),
    ("inpaint_ns", .inpainted(.navierStokes)),
  ]

  /// Why it does not suit an image with so many channels.
  func reason(against channels: Int) -> String? {
    guard case .levels(let levels) = self, levels.count > 1, levels.count != channels else { return nil }
    return "fill has \(levels.count) levels, and the image \(channels == 1 ? "one channel" : "\(channels) channels")"
  }
}

extension [Double] {
  /// Three whole levels; a single one stands for all channels.
  var threeLevels: (UInt8, UInt8, UInt8) {
    func level(_ channel: Int) -> UInt8 { UInt8(Swift.min(Swift.max(self[count == 1 ? 0 : channel], 0), 255)) }
    return isEmpty ? (0, 0, 0) : (level(0), count == 2 ? 0 : level(1), count == 2 ? 0 : level(2))
  }
}

extension Parameter {
  /// A level, three, or a name.
  static func holeFill(_ name: String, _ path: Field<HoleFill>) -> Parameter {
    let names = HoleFill.names.map { "\"\($0.name)\"" }.joined(separator: ", ")
    return Parameter(
      name: name, summary: "what replaces the pixels: a level, [red, green, blue], \(names)",
      text: { root in
        let fill = root[keyPath: path]
        if case .levels(let levels) = fill { return format(levels: levels) }
        return HoleFill.names.first { $0.fill == fill }.map { "\"\($0.name)\"" } ?? "0"
      }
    ) { value, root throws(ParameterError) in
      guard case .text(let text) = value.content else { return root[keyPath: path] = .levels(try value.levels()) }
      guard let named = HoleFill.names.first(where: { $0.name == text }) else {
        throw ParameterError("must be a level, three, or one of \(names), not \(value.description)")
      }
      if case .inpainted = named.fill, !HoleFill.Inpainting.isAvailable {
        throw ParameterError("cannot be \(value.description): OpenCV's photo library is not installed")
      }
      root[keyPath: path] = named.fill
    }
  }

  /// A level for every channel, or three, or null; up to `limit`.
  static func optionalLevels(
    _ name: String, _ path: Field<[Double]?>, upTo limit: Double = 255, _ summary: String
  ) -> Parameter {
    Parameter(name: name, summary: summary, text: { $0[keyPath: path].map { format(levels: $0) } ?? "null" }) {
      value, root throws(ParameterError) in
      if case .null = value.content { return root[keyPath: path] = nil }
      root[keyPath: path] = try value.levels(upTo: limit)
    }
  }
}

/// As in a pipeline file.
func format(levels: [Double]) -> String {
  levels.count == 1 ? format(levels[0]) : "[\(levels.map { format($0) }.joined(separator: ", "))]"
}
