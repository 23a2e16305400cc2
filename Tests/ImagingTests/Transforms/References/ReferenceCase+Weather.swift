import Foundation
import Imaging

extension ReferenceCase {
  static let weatherMakers: [String: Maker] = [
    "RandomFog": { reference, image, folder in
      guard let fog = try reference.parsed() as? RandomFog else { return PixelBuffer() }
      let discs = try reference.groups(of: 3, "discs", folder).map { RandomFog.Disc(x: $0[0], y: $0[1], radius: $0[2]) }
      return try fog.operation(discs, intensity: reference.number("intensity"), for: image.shape).applied(to: image)
    },
    "RandomRain": { reference, image, folder in
      guard let rain = try reference.parsed() as? RandomRain else { return PixelBuffer() }
      let drops = try reference.groups(of: 2, "drops", folder).map { RandomRain.Drop(x: $0[0], y: $0[1]) }
      guard !drops.isEmpty else { return try Operation.identity.applied(to: image) }
      return try rain.operation(drops, slant: reference.number("slant"), for: image.shape).applied(to: image)
    },
    "RandomSnow": { reference, image, folder in
      guard reference.drawn["texture"] != nil, let snow = try reference.parsed() as? RandomSnow else {
        return try reference.applied(to: image)
      }
      let glitter: [UInt8] = try reference.rows("glitter", folder)
      let snowfall = snow.operation(
        texture: try reference.rows("texture", folder), glitter: glitter, snowPoint: reference.number("snowPoint"))
      return try snowfall.applied(to: image)
    },
    "Spatter": { reference, image, folder in
      guard let spatter = try reference.parsed() as? Spatter else { return PixelBuffer() }
      let drawn = try JSONDecoder().decode(
        Spatter.Drawn.self, from: JSONSerialization.data(withJSONObject: reference.drawn))
      return try spatter.operation(drawn, noise: reference.rows("noise", folder)).applied(to: image)
    },
    "RandomGravel": { reference, image, folder in
      let stones = try reference.groups(of: 5, "stones", folder).map { edges in
        let area = Rectangle(x: edges[2], y: edges[0], width: edges[3] - edges[2], height: edges[1] - edges[0])
        return RandomGravel.Stone(area: area, lightness: UInt8(edges[4]))
      }
      return try RandomGravel.operation(stones).applied(to: image)
    },
  ]

  /// Rows of `count` whole numbers.
  private func groups(of count: Int, _ key: String, _ folder: URL?) throws -> [[Int]] {
    let numbers: [Int32] = try rows(key, folder)
    return stride(from: 0, to: numbers.count, by: count).map { first in
      numbers[first..<first + count].map { Int($0) }
    }
  }
}
