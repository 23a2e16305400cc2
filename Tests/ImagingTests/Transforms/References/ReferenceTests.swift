import Foundation
import Imaging
import TestSupport
import Testing

/// Every transform has the defaults of Albumentations 2.0.8 and gives the same result on a small gradient, according to
/// `experiments/transforms/reference`, which reference.py writes.
struct ReferenceTests {
  /// The entries of all families under a key.
  private static func entries(_ key: String) -> [[String: Any]] {
    let folder = PackageFolder.url.appending(path: "experiments/transforms/reference")
    return TransformCatalog.families.flatMap { family -> [[String: Any]] in
      let data = try? Data(contentsOf: folder.appending(path: "\(family.name.lowercased()).json"))
      let object = data.flatMap { try? JSONSerialization.jsonObject(with: $0) } as? [String: [[String: Any]]]
      return object?[key] ?? []
    }
  }

  private static let names = TransformCatalog.all.map { $0.name }

  @Test(arguments: names) func namesAndDefaultsAreThoseOfAlbumentations(name: String) throws {
    let type = try #require(TransformCatalog.type(named: name))
    let defaults = try #require(
      Self.entries("defaults").first { $0["__class_fullname__"] as? String == name }, "no defaults of \(name)"
    )
    // Reading Albumentations' defaults must give the transform's own defaults.
    let text = String(decoding: try JSONSerialization.data(withJSONObject: defaults), as: UTF8.self)
    let read = try Pipeline(text: text, file: name)
    #expect(read.notes.isEmpty)
    if !Self.saidOtherwise.contains(name) {
      #expect(read.serialized == Pipeline(.transform(type.init())).serialized)
    }
    let names = Set(Self.parameterNames(type)).subtracting(name == "ShiftScaleRotate" ? ["shift_limit"] : [])
    #expect(names.isSubset(of: defaults.keys), "a parameter that Albumentations does not have")
    #expect(defaults["p"] as? Double == type.defaultProbability)
  }

  /// Albumentations writes values that follow from others, or has no defaults that it accepts.
  private static let saidOtherwise: Set<String> = [
    "ShiftScaleRotate", "PlanckianJitter", "LongestMaxSize", "SmallestMaxSize", "CropAndPad",
  ]

  private static func parameterNames<Change: Transform>(_ type: Change.Type) -> [String] {
    Change.parameters.map(\.name)
  }

  @Test(arguments: names) func pixelsAreThoseOfAlbumentations(name: String) throws {
    let cases = Self.entries("cases").compactMap(ReferenceCase.init).filter { $0.name == name }
    #expect(!cases.isEmpty, "there is no case of \(name)")
    for reference in cases { try compare(reference) }
  }

  private func compare(_ reference: ReferenceCase) throws {
    let gradient = Picture.gradient(width: reference.source.width, height: reference.source.height)
    let greens = gradient.bytes.enumerated().filter { $0.offset % 3 == 1 }.map(\.element)
    let source = Picture.of(reference.source, reference.source.channels == 3 ? gradient.bytes : greens)
    let ours = try reference.ours(of: source)
    #expect(ours.shape == reference.result, "\(reference.title)")
    guard ours.shape == reference.result else { return }
    if let digest = reference.fields["digest"] as? String {
      #expect(MD5.hex(ours.bytes) == digest, "\(reference.title)")
    }
    // The nearest pixel of a warp may be another one.
    guard reference.tolerance != .near || reference.interpolation != 0 else { return }
    let allowed = [.exact: 0, .near: reference.largestOfAWarp][reference.tolerance] ?? 1
    for pixel in reference.fields["pixels"] as? [[Int]] ?? [] {
      let theirs = pixel.dropFirst(2)
      let values = ours[row: pixel[1], column: pixel[0]].map { Int($0) }
      #expect(zip(values, theirs).allSatisfy { abs($0 - $1) <= allowed }, "\(reference.title) at \(pixel): \(values)")
    }
  }
}
