// Parameters of several values.

extension Parameter {
  /// A level for every channel, or three for red, green and blue; 0 ... 255.
  static func levels(_ name: String, _ path: Field<[Double]>, _ summary: String) -> Parameter {
    levels(name, path, counts: [1, 3], summary)
  }

  /// Levels, perhaps with a fourth for alpha.
  static func fill(_ name: String, _ path: Field<[Double]>, _ summary: String) -> Parameter {
    levels(name, path, counts: [1, 3, 4], summary)
  }

  private static func levels(
    _ name: String, _ path: Field<[Double]>, counts: Set<Int>, _ summary: String
  ) -> Parameter {
    Parameter(
      name: name, summary: summary,
      text: { root in
        let levels = root[keyPath: path].map { format($0) }
        return levels.count == 1 ? levels[0] : "[\(levels.joined(separator: ", "))]"
      }
    ) { value, root throws(ParameterError) in
      root[keyPath: path] = try value.levels(counts)
    }
  }

  /// `[height, width]` in pixels.
  static func size(_ name: String, _ path: Field<ImageSize>, _ summary: String) -> Parameter {
    Parameter(
      name: name, summary: "\(summary): [height, width]",
      text: { "[\($0[keyPath: path].height), \($0[keyPath: path].width)]" }
    ) { value, root throws(ParameterError) in
      guard case .list(let sides) = value.content, sides.count == 2 else {
        throw ParameterError("must be [height, width], not \(value.description)")
      }
      let height = try sides[0].integer(in: 1...65_535)
      root[keyPath: path] = ImageSize(width: try sides[1].integer(in: 1...65_535), height: height)
    }
  }

  /// A number in `limits`, or null.
  static func optionalNumber(
    _ name: String, _ path: Field<Double?>, in limits: ClosedRange<Double>, _ summary: String
  ) -> Parameter {
    Parameter(name: name, summary: summary, text: { $0[keyPath: path].map { format($0) } ?? "null" }) {
      value, root throws(ParameterError) in
      if case .null = value.content { return root[keyPath: path] = nil }
      root[keyPath: path] = try value.number(in: limits)
    }
  }

  /// A whole number in `limits`, or null.
  static func optionalInteger(
    _ name: String, _ path: Field<Int?>, in limits: ClosedRange<Int>, _ summary: String
  ) -> Parameter {
    Parameter(name: name, summary: summary, text: { $0[keyPath: path].map { String($0) } ?? "null" }) {
      value, root throws(ParameterError) in
      if case .null = value.content { return root[keyPath: path] = nil }
      root[keyPath: path] = try value.integer(in: limits)
    }
  }
}

extension ConfigValue {
  /// One level, or a list of as many as `counts` has; from 0 to `limit`.
  func levels(_ counts: Set<Int> = [1, 3], upTo limit: Double = 255) throws(ParameterError) -> [Double] {
    guard case .list(let levels) = content else { return [try number(in: 0...limit)] }
    guard counts.contains(levels.count) else {
      throw ParameterError("must be a number or three, not \(description)")
    }
    var values: [Double] = []
    for level in levels { values.append(try level.number(in: 0...limit)) }
    return values
  }
}
