internal import Glibc

/// A symmetric 3 × 3 matrix.
struct SymmetricMatrix {
  /// Row by row.
  private(set) var elements: [Double]

  init(_ elements: [Double] = Array(repeating: 0, count: 9)) {
    precondition(elements.count == 9, "three rows of three")
    self.elements = elements
  }

  subscript(row: Int, column: Int) -> Double {
    get { elements[3 * row + column] }
    set { (elements[3 * row + column], elements[3 * column + row]) = (newValue, newValue) }
  }

  func scaled(by factor: Double) -> SymmetricMatrix { SymmetricMatrix(elements.map { $0 * factor }) }

  /// An eigenvalue and its eigenvector of length 1.
  typealias Axis = (value: Double, vector: [Double])

  /// The eigenvalues, largest first, with their eigenvectors.
  ///
  /// Jacobi's method, which always turns by the largest element off the diagonal. The signs of the vectors follow from
  /// that, and are those of OpenCV `eigen`.
  var axes: [Axis] {
    var matrix = self
    var vectors = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]
    // Each turn about halves the digits that are left; a few are enough.
    for _ in 0..<100 {
      let pairs = [(0, 1), (0, 2), (1, 2)]
      let (k, l) = pairs.max { abs(matrix[$0.0, $0.1]) < abs(matrix[$1.0, $1.1]) } ?? (0, 1)
      guard abs(matrix[k, l]) > .ulpOfOne else { break }
      matrix.turn(k, l, &vectors)
    }
    let order = [0, 1, 2].sorted { matrix[$0, $0] > matrix[$1, $1] }
    return order.map { (matrix[$0, $0], vectors[$0]) }
  }

  /// Turns axes `k` and `l` so that the element between them becomes 0.
  private mutating func turn(_ k: Int, _ l: Int, _ vectors: inout [[Double]]) {
    let pivot = self[k, l]
    let half = (self[l, l] - self[k, k]) / 2
    let length = abs(half) + hypot(pivot, half)
    let radius = hypot(pivot, length)
    let sign = half < 0 ? -1.0 : 1
    let (cosine, sine, change) = (length / radius, sign * pivot / radius, sign * pivot / length * pivot)
    func turned(_ a: Double, _ b: Double) -> (Double, Double) { (a * cosine - b * sine, a * sine + b * cosine) }
    (self[k, k], self[l, l], self[k, l]) = (self[k, k] - change, self[l, l] + change, 0)
    let other = 3 - k - l
    (self[other, k], self[other, l]) = turned(self[other, k], self[other, l])
    for i in 0..<3 { (vectors[k][i], vectors[l][i]) = turned(vectors[k][i], vectors[l][i]) }
  }
}
