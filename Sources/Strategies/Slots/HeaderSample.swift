internal import Datasets
internal import Imaging
internal import Jobs

extension JobRun {
  /// Bytes read for a header; enough except with very large colour profiles.
  private static var headByteCount: Int { 262_144 }

  /// The headers of about `count` images as the job has them decoded, spread over the listing; those that cannot be
  /// read are left out.
  func headers(of count: Int) -> [ImageHeader] {
    var decoder = ImageDecoder()
    decoder.metadata = files.encoding.metadata
    return stride(from: 0, to: plan.images.count, by: max(1, plan.images.count / count)).compactMap { index in
      guard let head = try? plan.input.head(plan.images[index].path, count: Self.headByteCount) else { return nil }
      decoder.leastSize = { leastSize(ofImage: index, $0) }
      return unsafe try? decoder.header(of: head.span.bytes, maxPixels: files.maxPixels)
    }
  }
}
