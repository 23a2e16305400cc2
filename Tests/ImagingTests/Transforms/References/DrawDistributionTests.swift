import Foundation
import Imaging
import TestSupport
import Testing

/// Compares the distribution of every drawn number with that of Albumentations 2.0.8, which `draws.py` writes.
@Suite(.serialized, .enabled(if: AlbumentationsPython.path != nil, "\(AlbumentationsPython.isMissing)"))
struct DrawDistributionTests {
  @Test(arguments: TransformCatalog.all.map { $0.name })
  func drawsAreDistributedAsThoseOfAlbumentations(transform name: String) throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("draws.json")
    try AlbumentationsPython.openCV5.run("reference.py", ["--draws", file.path, name])
    let entries = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [[String: Any]] ?? []
    var (drawn, compared): (Set<String>, Set<String>) = ([], [])
    for entry in entries {
      let text = String(decoding: try JSONSerialization.data(withJSONObject: entry["transform"] ?? [:]), as: UTF8.self)
      guard case .transform(let transform) = try Pipeline(text: text, file: name).root.kind else { continue }
      let sides = try #require(entry["shape"] as? [Int])
      let shape = ImageShape(width: sides[0], height: sides[1], channels: sides[2])
      let columns = try #require(entry["columns"] as? [String: [Double]])
      let ours = try transform.columns(for: SampleContext(shape, scene: Self.scene(entry, shape)), count: 10_000)
      drawn.formUnion(ours.keys.map(Self.withoutPlaces))
      compared.formUnion(columns.keys.map(Self.withoutPlaces))
      for (key, theirs) in columns {
        let column = try #require(ours[key], "\(name) draws no \(key), but \(ours.keys.sorted())")
        let distance = DistributionDistance(column, theirs)
        #expect(distance.isChance, "\(name) \(text): \(key): \(distance)")
      }
    }
    if entries.isEmpty { drawn = Set(try Self.columnsOfExample(name).map(Self.withoutPlaces)) }
    #expect(
      drawn.subtracting(compared) == Self.uncompared[name, default: []].union(Self.neverCompared).intersection(drawn))
  }

  /// Seeds of noise, and the number of a reference image, of which there are as many as the user has.
  private static let neverCompared: Set = ["seed", "reference.index", "others.index"]

  /// What else is drawn and not compared.
  private static let uncompared: [String: Set<String>] = [
    // Which of the objects is an area.
    "MaskDropout": ["area.counts", "area.width", "area.height"],
    // Where an element lies depends on the size of a reference image.
    "OverlayElements": ["x", "y"],
    // Albumentations 2.0.8 does not have them.
    "MixUp": ["share"], "TemplateTransform": ["imageWeight", "templateWeight"],
  ]

  /// The numbers that a transform draws for an image with an object.
  private static func columnsOfExample(_ name: String) throws -> [String] {
    let type = try #require(TransformCatalog.type(named: name))
    let shape = ImageShape(width: 200, height: 150, channels: 3)
    func columns(_ transform: some Transform) throws -> [String] {
      Array(try transform.columns(for: SampleContext(shape, scene: SampleScene(objectIn: shape)), count: 1).keys)
    }
    let example = type.example
    return try columns(example)
  }

  /// "moves" for "moves.3.0": numbers of one kind.
  private static func withoutPlaces(_ key: String) -> String {
    key.split(separator: ".").filter { Int($0) == nil }.joined(separator: ".")
  }

  /// What an entry says about the labels of its image.
  private static func scene(_ entry: [String: Any], _ shape: ImageShape) -> SampleScene? {
    let boxes = entry["boxes"] as? [[Double]]
    let values = (entry["mask"] as? [Int])?.map { UInt16($0) }
    guard boxes != nil || values != nil else { return nil }
    var scene = SampleScene(
      objects: (boxes ?? []).map { sides in
        SceneObject(className: "object", shape: LabelShape(Box(Vertex(sides[0], sides[1]), Vertex(sides[2], sides[3]))))
      })
    if let values {
      let grey = ImageShape(width: shape.width, height: shape.height, channels: 1)
      scene.mask = { _ in SceneMask(shape: grey, values: values) }
    }
    return scene
  }
}

extension Transform {
  /// Every number of `count` draws, by its place in the draw: "x", "scale.0".
  fileprivate func columns(for context: SampleContext, count: Int) throws -> [String: [Double]] {
    var columns: [String: [Double]] = [:]
    let encoder = JSONEncoder()
    for copy in 0..<count {
      var random = StreamKey(seed: 5, path: "draws", copy: copy).stream(node: 1)
      let drawn = sample(for: context, using: &random)
      let object = try JSONSerialization.jsonObject(with: encoder.encode([drawn])) as? [Any] ?? []
      for (key, number) in numbers(in: object[0], at: "") { columns[key, default: []].append(number) }
    }
    return columns
  }
}

/// The numbers of a JSON value, each with its place.
private func numbers(in value: Any, at place: String) -> [(String, Double)] {
  func key(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }
  return switch value {
  case let number as NSNumber: [(place, number.doubleValue)]
  case let list as [Any]: list.enumerated().flatMap { numbers(in: $0.element, at: key(String($0.offset))) }
  case let object as [String: Any]: object.flatMap { numbers(in: $0.value, at: key($0.key)) }
  default: []
  }
}

/// The largest distance between two empirical distributions (Kolmogorov and Smirnov).
struct DistributionDistance: CustomStringConvertible {
  let largest: Double
  /// Counts of the two samples.
  private let counts: (Int, Int)

  init(_ first: [Double], _ second: [Double]) {
    let (first, second) = (first.sorted(), second.sorted())
    var (one, other, largest) = (0, 0, 0.0)
    while one < first.count, other < second.count {
      // What differs by rounding alone is the same.
      let least = min(first[one], second[other])
      let end = least + 1e-9 * max(1, abs(least))
      while one < first.count, first[one] <= end { one += 1 }
      while other < second.count, second[other] <= end { other += 1 }
      largest = max(largest, abs(Double(one) / Double(first.count) - Double(other) / Double(second.count)))
    }
    (self.largest, counts) = (largest, (first.count, second.count))
  }

  /// Whether equal distributions differ by more than this in less than one of a million comparisons.
  var isChance: Bool {
    let (first, second) = (Double(counts.0), Double(counts.1))
    return largest <= 2.7 * ((first + second) / (first * second)).squareRoot()
  }

  var description: String { "distance \(largest) of \(counts.0) and \(counts.1) draws" }
}
