import Foundation
import Imaging

/// One image that Albumentations changed with fixed parameters, as `experiments/transforms/reference.py` wrote it: the
/// transform as in a pipeline file, and its draw as in a manifest.
struct ReferenceCase {
  enum Tolerance: String {
    /// The same bytes.
    case exact
    /// The same bytes where OpenCV has fused multiply-adds; almost the same elsewhere.
    case fused
    /// Within one level.
    case one
    /// OpenCV 4.6 samples a warp at multiples of 1/32 pixel, 5.0 anywhere.
    case near
  }

  let name: String
  let source: ImageShape
  let result: ImageShape
  let tolerance: Tolerance
  /// The case as read from JSON.
  let fields: [String: Any]
  private let transform: [String: Any]
  let drawn: [String: Any]

  init?(_ fields: [String: Any]) {
    guard let transform = fields["transform"] as? [String: Any], let drawn = fields["drawn"] as? [String: Any],
      let name = transform["__class_fullname__"] as? String,
      let source = Self.shape(fields["inputShape"]), let result = Self.shape(fields["outputShape"]),
      let tolerance = (fields["tolerance"] as? String).flatMap(Tolerance.init)
    else { return nil }
    (self.fields, self.transform, self.drawn, self.name) = (fields, transform, drawn, name)
    (self.source, self.result, self.tolerance) = (source, result, tolerance)
  }

  private static func shape(_ value: Any?) -> ImageShape? {
    guard let sides = value as? [Int], sides.count == 3 else { return nil }
    return ImageShape(width: sides[0], height: sides[1], channels: sides[2])
  }

  /// Name, shape and parameters, for messages.
  var title: String { "\(name) \(source.width)x\(source.height)x\(source.channels) \(transform) \(drawn)" }

  var interpolation: Int { transform["interpolation"] as? Int ?? 1 }

  /// Makes our result of a case from its image, and a folder with rows of numbers, if there is one.
  typealias Maker = @Sendable (ReferenceCase, borrowing PixelBuffer, URL?) throws -> PixelBuffer

  /// Where a draw holds numbers for each pixel, which ours has no place for.
  private static let makers: [String: Maker] = noiseMakers.merging(warpMakers) { first, _ in first }
    .merging(blurMakers) { first, _ in first }.merging(colorMakers) { first, _ in first }
    .merging(dropoutMakers) { first, _ in first }.merging(weatherMakers) { first, _ in first }
    .merging(mixingMakers) { first, _ in first }

  /// The result of our transform with the same name, image and draw. `folder` holds rows of numbers.
  func ours(of image: borrowing PixelBuffer, _ folder: URL? = nil) throws -> PixelBuffer {
    if let make = Self.makers[name] { return try make(self, image, folder) }
    return try applied(to: image)
  }

  /// The result of our transform with the parameters and the draw of the case.
  func applied(to image: borrowing PixelBuffer) throws -> PixelBuffer { try apply(parsed(), to: image) }

  /// Our transform with the parameters of the case.
  func parsed() throws -> any Transform {
    let pipeline = try Pipeline(text: text(transform), file: "case")
    guard case .transform(let transform) = pipeline.root.kind else { throw NotATransform(title: title) }
    return transform
  }

  private struct NotATransform: Error { let title: String }

  private func apply<Change: Transform>(_ transform: Change, to image: borrowing PixelBuffer) throws -> PixelBuffer {
    try transform.applied(decoded(), to: image)
  }

  /// The draw of the case.
  func decoded<Drawn: Decodable>() throws -> Drawn {
    try JSONDecoder().decode(Drawn.self, from: Data(text(drawn).utf8))
  }

  private func text(_ value: [String: Any]) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: value), as: UTF8.self)
  }

  func number(_ key: String) -> Double { drawn[key] as? Double ?? .nan }

  /// Numbers per pixel, row by row: in the case, or in a separate file.
  func rows<Value: BitwiseCopyable & BinaryFloatingPoint>(_ key: String, _ folder: URL?) throws -> [Value] {
    try numbers(key, folder) { Value($0) }
  }

  func rows<Value: BitwiseCopyable & BinaryInteger>(_ key: String, _ folder: URL?) throws -> [Value] {
    try numbers(key, folder) { Value($0) }
  }

  private func numbers<Value: BitwiseCopyable>(
    _ key: String, _ folder: URL?, _ value: (Double) -> Value
  ) throws -> [Value] {
    guard let file = drawn[key] as? String, let folder else {
      return (drawn[key] as? [[Double]] ?? []).flatMap { $0.map(value) }
    }
    let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(file)))
    return unsafe bytes.withUnsafeBytes { unsafe Array($0.bindMemory(to: Value.self)) }
  }
}
