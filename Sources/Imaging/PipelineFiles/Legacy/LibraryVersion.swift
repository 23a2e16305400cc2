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
package struct LegacyDefault: Sendable {
  package let key: String
  package let classes: [String]
  let value: ConfigValue.Content
  /// The first version in which it is no longer the default.
  let until: LibraryVersion

  private init(
    _ key: String, of classes: [String], _ value: ConfigValue.Content, until version: (Int, Int, Int)
  ) {
    (self.key, self.classes, self.value) = (key, classes, value)
    until = LibraryVersion(version.0, version.1, version.2)
  }

  static func all(of name: String, in version: LibraryVersion) -> [LegacyDefault] {
    all.filter { $0.classes.contains(name) && version < $0.until }
  }

  /// The earlier of two lines for one key is the older one.
  package static let all: [LegacyDefault] = [
    LegacyDefault(
      "border_mode", of: ["ElasticTransform", "GridDistortion", "OpticalDistortion"], .number(4), until: (1, 4, 22)),
    LegacyDefault(
      "border_mode", of: ["PadIfNeeded", "Rotate", "SafeRotate", "ShiftScaleRotate"], .number(4), until: (2, 0, 0)),
    LegacyDefault("noise_distribution", of: ["ElasticTransform"], .text("uniform"), until: (1, 4, 22)),
    LegacyDefault("normalized", of: ["GridDistortion"], .flag(false), until: (1, 4, 17)),
    LegacyDefault("brightness_by_max", of: ["RandomBrightnessContrast"], .flag(false), until: (0, 4, 0)),
    LegacyDefault("hue", of: ["ColorJitter"], .number(0.2), until: (1, 4, 4)),
    LegacyDefault("num_holes_range", of: ["CoarseDropout"], pair(8, 8), until: (1, 4, 5)),
    LegacyDefault("num_holes_range", of: ["CoarseDropout"], pair(1, 1), until: (2, 0, 0)),
    LegacyDefault("hole_height_range", of: ["CoarseDropout"], pair(8, 8), until: (2, 0, 0)),
    LegacyDefault("hole_width_range", of: ["CoarseDropout"], pair(8, 8), until: (2, 0, 0)),
    LegacyDefault("random_offset", of: ["GridDropout"], .flag(false), until: (1, 4, 17)),
    // The roots of the variances 10 and 50, over 255.
    LegacyDefault("std_range", of: ["GaussNoise"], pair(0.0124, 0.02773), until: (1, 4, 22)),
    LegacyDefault("max_size", of: ["LongestMaxSize", "SmallestMaxSize"], .number(1024), until: (2, 0, 5)),
    LegacyDefault("drop_length", of: ["RandomRain"], .number(20), until: (2, 0, 6)),
    LegacyDefault("p_replace", of: ["Superpixels"], pair(0.1, 0.1), until: (1, 4, 4)),
    LegacyDefault("blur_limit", of: ["GaussianBlur"], pair(3, 7), until: (2, 0, 5)),
    LegacyDefault("sigma_limit", of: ["GaussianBlur"], .number(0), until: (2, 0, 5)),
    LegacyDefault("p", of: ["RandomRotate90"], .number(0.5), until: (2, 0, 0)),
    LegacyDefault("replace", of: ["SomeOf"], .flag(true), until: (1, 4, 19)),
  ]

  private static func pair(_ low: Double, _ high: Double) -> ConfigValue.Content {
    ConfigValue.numbers([low, high], line: 0).content
  }
}
