import CImaging
import CImagingTesting
import Foundation
import Imaging

extension ReferenceCase {
  static let warpMakers: [String: Maker] = [
    "ElasticTransform": { reference, image, folder in
      guard let elastic = try reference.parsed() as? ElasticTransform else { return PixelBuffer() }
      let field = try reference.displacements(elastic, folder)
      return try Operation.geometry(.field(field), elastic.resampling).applied(to: image)
    }
  ]

  /// The noise, made into a field as in `ElasticTransform`: blurred, on a coarse grid if sigma is large, and scaled.
  private func displacements(_ transform: ElasticTransform, _ folder: URL?) throws -> DisplacementField {
    let noise: [Float] = try rows("noise", folder)
    let (count, height) = (source.width * source.height, noise.count / source.width)
    var (blurred, message) = ([Float](repeating: 0, count: noise.count), cimaging_message())
    let status = unsafe cimaging_smooth(
      noise, Int32(source.width), Int32(height), transform.sigma, 0, &blurred, &message)
    precondition(status == CIMAGING_OK, "a plane can be blurred")
    let largest = transform.noiseDistribution == .gaussian ? noise.reduce(0) { max($0, abs($1)) } : 1
    let scaled = blurred.map { $0 * (Float(transform.alpha) / largest) }
    return DisplacementField(dx: Array(scaled.prefix(count)), dy: Array(scaled.suffix(count)))
  }
}
