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

  /// A text of at most 1000 bytes.
  static func text(_ name: String, _ path: Field<String>, _ summary: String) -> Parameter {
    Parameter(name: name, summary: summary, text: { jsonText($0[keyPath: path]) }) {
      value, root throws(ParameterError) in
      guard case .text(let text) = value.content, text.utf8.count <= 1000 else {
        throw ParameterError("must be a short text, not \(value.description)")
      }
      root[keyPath: path] = text
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

/// A text in quotes as JSON and YAML have it.
private func jsonText(_ text: String) -> String {
  let scalars = text.unicodeScalars.map { scalar -> String in
    switch scalar {
    case "\"", "\\": "\\\(scalar)"
    case "\0"..." ": scalar == " " ? " " : "\\u00\(scalar.value < 16 ? "0" : "")\(String(scalar.value, radix: 16))"
    default: String(scalar)
    }
  }
  return "\"\(scalars.joined())\""
}

extension ConfigValue {
  /// One whole number in `limits`, or several.
  func integerList(in limits: ClosedRange<Int>) throws(ParameterError) -> [Int] {
    guard case .list(let list) = content else { return [try integer(in: limits)] }
    guard (1...1000).contains(list.count) else {
      throw ParameterError("must be a whole number or several, not \(description)")
    }
    var numbers: [Int] = []
    for value in list { numbers.append(try value.integer(in: limits)) }
    return numbers
  }

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
