/// A version of Albumentations, as a file states it.
struct LibraryVersion: Comparable, Sendable, CustomStringConvertible {
  private let numbers: [Int]

  init(_ numbers: Int...) { self.numbers = numbers }

  /// Reads "1.3.1", and "1.4" of "1.4b2"; `nil` if it does not begin with a number.
  init?(_ text: String) {
    var numbers: [Int] = []
    for part in text.split(separator: ".").prefix(3) {
      let digits = part.prefix { "0"..."9" ~= $0 }
      guard !digits.isEmpty, digits.count <= 4, let number = Int(digits) else { break }
      numbers.append(number)
    }
    guard !numbers.isEmpty else { return nil }
    self.numbers = numbers
  }

  var description: String { numbers.map(String.init).joined(separator: ".") }

  static func < (left: LibraryVersion, right: LibraryVersion) -> Bool {
    left.numbers.lexicographicallyPrecedes(right.numbers)
  }
}

/// One line of the table of defaults that have changed: it stands for a key that a file of an older version leaves out.
struct LegacyDefault: Sendable {
  let key: String
  let classes: [String]
  let value: ConfigValue.Content
  /// The first version in which it is no longer the default.
  let until: LibraryVersion

  static func all(of name: String, in version: LibraryVersion) -> [LegacyDefault] {
    all.filter { $0.classes.contains(name) && version < $0.until }
  }

  /// The earlier of two lines for one key is the older one.
  static let all: [LegacyDefault] = [
    LegacyDefault(
      key: "border_mode",
      classes: [
        "ElasticTransform", "GridDistortion", "OpticalDistortion", "PadIfNeeded", "Rotate", "SafeRotate",
        "ShiftScaleRotate",
      ], value: .number(4), until: LibraryVersion(2, 0)),
    LegacyDefault(
      key: "brightness_by_max", classes: ["RandomBrightnessContrast"], value: .flag(false), until: LibraryVersion(0, 4)),
    LegacyDefault(
      key: "noise_distribution", classes: ["ElasticTransform"], value: .text("uniform"), until: LibraryVersion(1, 4, 19)
    ),
    LegacyDefault(
      key: "normalized", classes: ["GridDistortion"], value: .flag(false), until: LibraryVersion(1, 4, 12)),
    LegacyDefault(key: "hue", classes: ["ColorJitter"], value: .number(0.2), until: LibraryVersion(1, 4, 5)),
    LegacyDefault(
      key: "num_holes_range", classes: ["CoarseDropout"], value: pair(8, 8), until: LibraryVersion(1, 4, 5)),
    LegacyDefault(key: "num_holes_range", classes: ["CoarseDropout"], value: pair(1, 1), until: LibraryVersion(2, 0)),
    LegacyDefault(key: "hole_height_range", classes: ["CoarseDropout"], value: pair(8, 8), until: LibraryVersion(2, 0)),
    LegacyDefault(key: "hole_width_range", classes: ["CoarseDropout"], value: pair(8, 8), until: LibraryVersion(2, 0)),
    LegacyDefault(
      key: "random_offset", classes: ["GridDropout"], value: .flag(false), until: LibraryVersion(1, 4, 12)),
    LegacyDefault(
      key: "std_range", classes: ["GaussNoise"], value: pair(0.0124, 0.02773), until: LibraryVersion(1, 4, 19)),
    LegacyDefault(
      key: "max_size", classes: ["LongestMaxSize", "SmallestMaxSize"], value: .number(1024),
      until: LibraryVersion(2, 0, 1)),
    LegacyDefault(key: "drop_length", classes: ["RandomRain"], value: .number(20), until: LibraryVersion(2, 0, 6)),
    LegacyDefault(key: "p_replace", classes: ["Superpixels"], value: pair(0.1, 0.1), until: LibraryVersion(1, 4, 5)),
    LegacyDefault(key: "blur_limit", classes: ["GaussianBlur"], value: pair(3, 7), until: LibraryVersion(2, 0, 5)),
    LegacyDefault(key: "sigma_limit", classes: ["GaussianBlur"], value: .number(0), until: LibraryVersion(2, 0, 5)),
    LegacyDefault(key: "p", classes: ["RandomRotate90"], value: .number(0.5), until: LibraryVersion(2, 0)),
    LegacyDefault(key: "replace", classes: ["SomeOf"], value: .flag(true), until: LibraryVersion(1, 4, 19)),
  ]

  private static func pair(_ low: Double, _ high: Double) -> ConfigValue.Content {
    ConfigValue.numbers([low, high], line: 0).content
  }
}
