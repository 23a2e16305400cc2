internal import Datasets
internal import Imaging

extension Plan {
  /// Bytes read for a header; enough except with very large colour profiles.
  private static var headByteCount: Int { 262_144 }

  /// The headers of about `count` images, spread over the listing; those that cannot be read are left out.
  func headers(of count: Int, _ files: ImageFileOptions) -> [ImageHeader] {
    let decoder = ImageDecoder()
    return stride(from: 0, to: images.count, by: max(1, images.count / count)).compactMap { index in
      guard let head = try? input.head(images[index].path, count: Self.headByteCount) else { return nil }
      return unsafe try? decoder.header(of: head.span.bytes, maxPixels: files.maxPixels)
    }
  }
}
