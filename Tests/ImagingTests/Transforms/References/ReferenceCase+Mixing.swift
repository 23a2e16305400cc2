import Foundation
import Imaging

extension ReferenceCase {
  /// One for every transform that takes other images.
  static let mixingMakers: [String: Maker] = Dictionary(
    uniqueKeysWithValues: TransformCatalog.all.filter { $0 is any ReferenceTransform.Type }.map { ($0.name, mixed) })

  private static let mixed: Maker = { reference, image, folder in
    guard let transform = try reference.parsed() as? any ReferenceTransform else { return PixelBuffer() }
    return try reference.applied(transform, to: image, folder)
  }

  /// The result of a transform with the reference images of the case.
  private func applied<Change: ReferenceTransform>(
    _ transform: Change, to image: borrowing PixelBuffer, _ folder: URL?
  ) throws -> PixelBuffer {
    var transform = transform
    transform.references.library = ReferenceLibrary(try references(folder))
    let drawn = try JSONDecoder().decode(Change.Drawn.self, from: JSONSerialization.data(withJSONObject: drawn))
    return try transform.applied(drawn, to: image)
  }

  private func references(_ folder: URL?) throws -> [ReferencePixels] {
    let widths = drawn["widths"] as? [Int] ?? []
    return try widths.enumerated().map { place, width in
      let values: [Int32] = try rows("pixels\(place)", folder)
      let rowCount = values.count / (width * source.channels)
      let shape = ImageShape(width: width, height: rowCount, channels: source.channels)
      return ReferencePixels(Picture.of(shape, values.map { UInt8($0) }))
    }
  }
}
