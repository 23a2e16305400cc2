internal import CImaging
internal import Glibc

/// The optical densities of two stains, haematoxylin and eosin, in red, green and blue.
package struct StainMatrix: Sendable {
  /// Measured and made up colours of the stains.
  package enum Preset: String, CaseIterable, Codable, Sendable {
    case ruifrok, macenko, standard
    case highContrast = "high_contrast"
    case hHeavy = "h_heavy"
    case eHeavy = "e_heavy"
    case dark, light
  }

  /// How amounts of the stains change.
  struct Change {
    var scales: [Double]
    var shifts: [Double]
    /// Whether light pixels change too.
    var changesBackground: Bool
  }

  /// Two rows of three.
  private let rows: [[Double]]

  init(_ preset: Preset) {
    rows =
      switch preset {
      case .ruifrok: [[0.644211, 0.716556, 0.266844], [0.092789, 0.954111, 0.283111]]
      case .macenko: [[0.5626, 0.7201, 0.4062], [0.2159, 0.8012, 0.5581]]
      case .standard: [[0.65, 0.7, 0.29], [0.07, 0.99, 0.11]]
      case .highContrast: [[0.55, 0.88, 0.11], [0.12, 0.86, 0.49]]
      case .hHeavy: [[0.75, 0.61, 0.32], [0.04, 0.93, 0.36]]
      case .eHeavy: [[0.6, 0.75, 0.28], [0.17, 0.95, 0.25]]
      case .dark: [[0.78, 0.55, 0.28], [0.09, 0.97, 0.21]]
      case .light: [[0.57, 0.71, 0.38], [0.15, 0.89, 0.42]]
      }
  }

  /// A preset, or an estimate; `nil` if the image shows no tissue.
  init?(_ preset: Preset?, _ method: HEStain.Method, of image: borrowing PixelBuffer) throws(ImagingError) {
    if let preset {
      self.init(preset)
    } else if let estimate = try method == .vahadane ? Self.vahadane(image) : Self.macenko(image) {
      self = estimate
    } else {
      return nil
    }
  }

  /// `nil` if an estimate has failed.
  private init?(_ rows: [[Double]]) {
    guard rows.joined().allSatisfy(\.isFinite) else { return nil }
    self.rows = rows
  }

  /// Separates the stains by least squares, changes their amounts and mixes them again.
  func apply(
    _ change: Change, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    let tissue = mixing(change.scales, change.shifts)
    let background = change.changesBackground ? tissue : mixing([1, 1], [0, 0])
    var stain = cimaging_stain()
    unsafe withUnsafeMutableBytes(of: &stain) { memory in
      unsafe memory.withMemoryRebound(to: Float.self) { numbers in
        _ = unsafe numbers.update(fromContentsOf: tissue + background)
      }
    }
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_apply_stain(source, destination, &stain, message)
    }
  }

  /// From densities to densities: three rows of three weights and an offset.
  private func mixing(_ scales: [Double], _ shifts: [Double]) -> [Float] {
    func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    // Albumentations adds 1e-6, so that two equal stains can be told apart.
    let (first, second) = (product(rows[0], rows[0]) + 1e-6, product(rows[1], rows[1]) + 1e-6)
    let both = product(rows[0], rows[1])
    let determinant = first * second - both * both
    let amounts = (0..<3).map { channel in
      [
        (second * rows[0][channel] - both * rows[1][channel]) / determinant,
        (first * rows[1][channel] - both * rows[0][channel]) / determinant,
      ]
    }
    return (0..<3).flatMap { row -> [Float] in
      let stains = [rows[0][row], rows[1][row]]
      let scaled = [stains[0] * scales[0], stains[1] * scales[1]]
      return amounts.map { Float(product(scaled, $0)) } + [Float(product(stains, shifts))]
    }
  }
}

extension StainMatrix {
  /// By the method of Macenko and others (2009), as in Albumentations, which takes the columns of a matrix whose rows are
  /// the main axes.
  private static func macenko(_ image: borrowing PixelBuffer) throws(ImagingError) -> StainMatrix? {
    guard image.shape.byteCount > 0 else { return nil }
    var (covariance, count, message) = ([Double](repeating: 0, count: 9), Int64(0), cimaging_message())
    var pixels = unsafe image.cPixels
    try check(unsafe cimaging_density_covariance(&pixels, &covariance, &count, &message), message)
    if count == 0 { return nil }
    let axes = SymmetricMatrix(covariance).axes
    let plane = axes.flatMap { [awayFromZero($0.vector[1]), awayFromZero($0.vector[0])] }
    var angles = [0.0, 0.0]
    try check(unsafe cimaging_density_angles(&pixels, plane, 99, &angles, &message), message)
    let stains = angles.map { angle in
      let stain = (0..<3).map { abs(cos(angle) * plane[2 * $0] + sin(angle) * plane[2 * $0 + 1]) }
      let length = (stain.reduce(0) { $0 + $1 * $1 } + 1e-8).squareRoot()
      return stain.map { $0 / length }
    }
    return StainMatrix(stains[0][0] > stains[1][0] ? stains : stains.reversed())
  }

  private static func awayFromZero(_ number: Double) -> Double {
    abs(number) < 1e-8 ? (number < 0 ? -1e-8 : 1e-8) : number
  }

  /// By non-negative factors, after Vahadane and others (2016), as in Albumentations.
  private static func vahadane(_ image: borrowing PixelBuffer) throws(ImagingError) -> StainMatrix? {
    guard image.shape.byteCount > 0 else { return nil }
    var stains = StainMatrix(.ruifrok).rows.flatMap { $0 }
    var (pixels, message) = unsafe (image.cPixels, cimaging_message())
    try check(unsafe cimaging_factor_stains(&pixels, &stains, 100, &message), message)
    let rows = [Array(stains[0..<3]), Array(stains[3..<6])]
    let scores = rows.map(haematoxylinScore)
    return StainMatrix(scores[0] >= scores[1] ? rows : rows.reversed())
  }

  /// Higher for haematoxylin than for eosin.
  private static func haematoxylinScore(_ stain: [Double]) -> Double {
    let sum = stain.reduce(1e-6, +)
    return atan2(stain[1], stain[0]) * (stain[2] / sum) - stain[0] / sum
  }
}
