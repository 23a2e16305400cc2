// The odd side lengths of kernels, in pixels.

extension Parameter {
  /// Two odd lengths from 3 on, the lower one first; even ones are rounded up and shorter ones raised, as in
  /// Albumentations. A single number x means 3 ... x.
  static func kernelSizes(_ path: Field<ClosedRange<Int>>, _ summary: String) -> Parameter {
    Parameter(
      name: "blur_limit", summary: "\(summary), even values rounded up to odd",
      text: { "[\($0[keyPath: path].lowerBound), \($0[keyPath: path].upperBound)]" }
    ) { value, root throws(ParameterError) in
      let sizes = try value.integers(in: 0...501, lowest: 3)
      root[keyPath: path] = kernelSize(sizes.lowerBound)...kernelSize(sizes.upperBound)
    }
  }
}

private func kernelSize(_ number: Int) -> Int { max(3, number | 1) }

extension RandomStream {
  /// An odd number of a range whose limits are odd; each is as likely.
  mutating func kernelSize(_ sizes: ClosedRange<Int>) -> Int {
    2 * integer(sizes.lowerBound / 2...sizes.upperBound / 2) + 1
  }
}
