internal import Imaging

/// What the files of a whole data set say: `data.yaml`, or a list of names such as `classes.txt`.
struct YOLOSettings {
  /// How many points follow the box of an object, and how many numbers describe each.
  struct Poses: Equatable {
    /// Twice the points of a mesh of a face. Every object is written with as many as the one that has most.
    static let countLimit = 1000

    var count: Int
    /// 2: x and y; 3: and the visibility.
    var dimensions: Int
  }

  /// A part of the set, and the folders or lists of its images.
  struct Part: Equatable {
    var name: String
    var paths: [String]
  }

  /// Many times the classes of the largest data sets; a number beyond would reserve memory for all below it.
  static let classLimit = 1 << 16

  /// By their numbers. Empty: the numbers are the names.
  var names: [Int: String] = [:]
  /// The file of the names.
  var namesFile = ""
  var poses: Poses?
  /// The names of the points of each class, and of those that have none of their own.
  var pointNames: [Int: [String]] = [:]
  var sharedPointNames: [String] = []
  /// For each point, which one takes its place in a mirrored image.
  var mirroredPoints: [Int]?
  /// Where the paths of the parts begin, relative to the folder of the file.
  var root = ""
  var parts: [Part] = []
  /// Everything else.
  var fields: [LabelField] = []

  /// The number of a class. Some tools write it as they write all numbers: `0.000000`.
  func classNumber(_ word: Substring) throws(LabelError.Reason) -> Int {
    let parts = word.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    let isWhole =
      parts[0].allSatisfy("0123456789".utf8.contains)
      && parts.dropFirst().allSatisfy { $0.allSatisfy { $0 == UInt8(ascii: "0") } }
    guard isWhole, let number = Int(Substring(parts[0])) else {
      throw .value("a class must be a whole number, not \(quoted(String(word)))")
    }
    guard names.isEmpty || names[number] != nil else {
      throw .value("the class \(number) is none of the \(names.count) in \(printable(namesFile.unicodeScalars))")
    }
    guard number < Self.classLimit else { throw .value("a class must be less than \(Self.classLimit), not \(number)") }
    return number
  }

  func className(_ number: Int) -> String { names[number] ?? String(number) }

  /// All classes from 0 on, so that each has the index that is its number.
  /// - Parameter highest: the highest number of an object.
  func classes(upTo highest: Int?) -> [LabelClass] {
    guard let last = [names.keys.max(), highest].compactMap(\.self).max() else { return [] }
    return (0...last).map { number in
      var entry = LabelClass(className(number), number: number)
      if poses != nil {
        entry.keypointNames = pointNames[number] ?? sharedPointNames
        entry.mirroredKeypoints = mirroredPoints
      }
      return entry
    }
  }
}
