internal import CImaging
internal import Synchronization

/// A smooth random field: blurred and scaled noise.
package struct ElasticField: PointField {
  /// Seed of the per-pixel noise.
  package let seed: UInt64
  /// Strength: pixels per unit of the blurred noise.
  package let alpha: Double
  /// Standard deviation of the blur, in pixels.
  package let sigma: Double
  /// Whether the blur has 17 taps regardless of `sigma`.
  package let isApproximate: Bool
  /// Whether both axes share one field.
  package let sharesAxes: Bool
  /// Whether the noise is uniform in −1 ... 1 instead of normal and divided by its largest magnitude.
  package let isUniform: Bool
  private let prepared = PreparedFields()

  package init(
    seed: UInt64, alpha: Double, sigma: Double, isApproximate: Bool = false, sharesAxes: Bool = false,
    isUniform: Bool = false
  ) {
    (self.seed, self.alpha, self.sigma) = (seed, alpha, sigma)
    (self.isApproximate, self.sharesAxes, self.isUniform) = (isApproximate, sharesAxes, isUniform)
  }

  private var cValue: cimaging_elastic {
    cimaging_elastic(
      seed: seed, alpha: alpha, sigma: sigma, is_approximate: isApproximate ? 1 : 0, shares_axes: sharesAxes ? 1 : 0,
      is_uniform: isUniform ? 1 : 0)
  }

  /// out(x, y) = in(x + dx(x, y), y + dy(x, y)).
  package func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    guard source.shape.byteCount > 0 else { return try destination.copy(from: source) }
    if let field = prepared.displacements(for: source.shape) {
      return try field.apply(resampling, to: source, into: &destination)
    }
    let plan = try plan(for: source.shape)
    var resampling = resampling.cValue
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_warp_elastic(source, destination, plan.pointer, &resampling, message)
    }
  }

  /// The displacements that `apply` uses.
  package func displacements(for shape: ImageShape) throws(ImagingError) -> DisplacementField {
    if let field = prepared.displacements(for: shape) { return field }
    let count = shape.width * shape.height
    var field = DisplacementField(dx: Array(repeating: 0, count: count), dy: Array(repeating: 0, count: count))
    guard count > 0 else { return field }
    var message = cimaging_message()
    let plan = try plan(for: shape)
    let status = unsafe cimaging_elastic_field(plan.pointer, &field.dx, &field.dy, &message)
    try check(status, message)
    return field
  }

  package func places(for shape: ImageShape) throws(ImagingError) -> PlaceMap {
    try displacements(for: shape).places(for: shape)
  }

  /// From sigma 12 it costs no more than what `apply` then need not do again. Below, all displacements are computed and
  /// kept for `apply`.
  package func map(for shape: ImageShape) throws(ImagingError) -> any FieldMap {
    let plan = try plan(for: shape)
    if plan.isCoarse { return DisplacementMap(plan) }
    let field = try displacements(for: shape)
    prepared.keep(field, for: shape)
    return DisplacementMap(
      PixelDisplacements(
        width: shape.width, height: shape.height, dx: field.dx, dy: field.dy,
        smoothLength: isApproximate ? 1 : max(1, sigma / 2)))
  }

  private func plan(for shape: ImageShape) throws(ImagingError) -> ElasticPlan {
    if let plan = prepared.plan(for: shape) { return plan }
    let plan = try ElasticPlan(cValue, sigma: sigma, shape)
    prepared.keep(plan)
    return plan
  }
}

/// What the copies of an elastic field share: image, alpha plane, masks and labels follow the field of one draw, and its
/// noise costs more than the rest. Holds the field of the last shape.
private final class PreparedFields: Sendable {
  private let lastPlan = Mutex<ElasticPlan?>(nil)
  private let lastField = Mutex<(size: ImageSize, field: DisplacementField)?>(nil)

  func plan(for shape: ImageShape) -> ElasticPlan? { lastPlan.withLock { $0?.size == shape.size ? $0 : nil } }

  func keep(_ plan: ElasticPlan) { lastPlan.withLock { $0 = plan } }

  func displacements(for shape: ImageShape) -> DisplacementField? {
    lastField.withLock { $0?.size == shape.size ? $0?.field : nil }
  }

  func keep(_ field: DisplacementField, for shape: ImageShape) { lastField.withLock { $0 = (shape.size, field) } }
}

/// The elastic field of one image shape in the C layer.
///
/// Owns the plan. The C functions only read it once it is made, so threads may share it.
@safe
private final class ElasticPlan: Displacements, @unchecked Sendable {
  let width, height: Int
  let smoothLength: Double
  let pointer: OpaquePointer

  init(_ elastic: cimaging_elastic, sigma: Double, _ shape: ImageShape) throws(ImagingError) {
    precondition(shape.byteCount > 0, "an image with pixels")
    var (elastic, message) = (elastic, cimaging_message())
    var plan: OpaquePointer? = nil
    let status = unsafe cimaging_elastic_prepare(
      &elastic, Int32(shape.width), Int32(shape.height), &plan, &message)
    try check(status, message)
    guard let plan = unsafe plan else { throw .outOfMemory }
    unsafe pointer = plan
    (width, height, smoothLength) = (shape.width, shape.height, sigma / 2)
  }

  deinit { unsafe cimaging_elastic_release(pointer) }

  var size: ImageSize { ImageSize(width: width, height: height) }

  var isCoarse: Bool { unsafe cimaging_elastic_is_coarse(pointer) != 0 }

  func displacement(at point: Point) -> Displacement {
    let shift = unsafe cimaging_elastic_shift(pointer, point.x, point.y)
    return Displacement(
      shift: Point(shift.x, shift.y), perColumn: Point(shift.x_per_column, shift.y_per_column),
      perRow: Point(shift.x_per_row, shift.y_per_row))
  }
}
