/// A part of an image, in shares of its width and height.
package struct Region: Hashable, Sendable {
  package var x: ClosedRange<Double>
  package var y: ClosedRange<Double>

  package init(x: ClosedRange<Double>, y: ClosedRange<Double>) { (self.x, self.y) = (x, y) }

  /// Its pixels in an image of `shape`: edges are cut to whole pixels.
  func pixels(in shape: ImageShape) -> Rectangle {
    func edge(_ share: Double, _ length: Int) -> Int { Int(share * Double(length)) }
    let (left, top) = (edge(x.lowerBound, shape.width), edge(y.lowerBound, shape.height))
    return Rectangle(
      x: left, y: top, width: edge(x.upperBound, shape.width) - left, height: edge(y.upperBound, shape.height) - top)
  }
}

extension Parameter {
  /// `[left, top, right, bottom]` in shares of the image; a region may have no area only if `mayBeEmpty`.
  static func region(
    _ name: String, _ path: Field<Region>, mayBeEmpty: Bool = false, _ summary: String
  ) -> Parameter {
    Parameter(
      name: name, summary: "\(summary): [left, top, right, bottom] in shares of width and height",
      text: { root in
        let (x, y) = (root[keyPath: path].x, root[keyPath: path].y)
        let edges = [x.lowerBound, y.lowerBound, x.upperBound, y.upperBound]
        return "[\(edges.map { format($0) }.joined(separator: ", "))]"
      }
    ) { value, root throws(ParameterError) in
      let edges = try value.numbers(4, in: 0...1)
      let (isOrdered, isEmpty) = (
        edges[0] <= edges[2] && edges[1] <= edges[3], edges[0] == edges[2] || edges[1] == edges[3]
      )
      guard isOrdered, mayBeEmpty || !isEmpty else {
        throw ParameterError("must have left before right and top before bottom")
      }
      root[keyPath: path] = Region(x: edges[0]...edges[2], y: edges[1]...edges[3])
    }
  }

  /// A colour of red, green and blue, whole levels.
  static func color(_ name: String, _ path: Field<[UInt8]>, _ summary: String) -> Parameter {
    Parameter(name: name, summary: "\(summary): [red, green, blue]", text: { format($0[keyPath: path]) }) {
      value, root throws(ParameterError) in
      root[keyPath: path] = try value.color()
    }
  }
}

func format(_ color: [UInt8]) -> String { "[\(color.map { String($0) }.joined(separator: ", "))]" }

extension ConfigValue {
  /// As many numbers as `count`, each in `limits`.
  fileprivate func numbers(_ count: Int, in limits: ClosedRange<Double>) throws(ParameterError) -> [Double] {
    guard case .list(let values) = content, values.count == count else {
      throw ParameterError("must be \(count) numbers, not \(description)")
    }
    var numbers: [Double] = []
    for value in values { numbers.append(try value.number(in: limits)) }
    return numbers
  }

  func color() throws(ParameterError) -> [UInt8] {
    guard case .list(let levels) = content, levels.count == 3 else {
      throw ParameterError("must be [red, green, blue], not \(description)")
    }
    var color: [UInt8] = []
    for level in levels { color.append(UInt8(try level.integer(in: 0...255))) }
    return color
  }
}
