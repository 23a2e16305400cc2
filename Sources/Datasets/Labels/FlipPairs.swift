/// Which points of an object change places in a mirrored image: what was the left eye is the right one.
package enum FlipPairs: Codable, Hashable, Sendable {
  /// Those that the labels pair, as YOLO's `flip_idx` does; or else those whose names differ in left and right only.
  case byName
  case none
  case pairs([Pair])

  package enum Pair: Codable, Hashable, Sendable {
    /// The places of two points in the list of a class, from 0.
    case indices(Int, Int)
    case names(String, String)
  }

  /// For each point of a class, which one takes its place in a mirrored image; `nil` if all stay. Points beyond the end
  /// stay.
  package func order(for kind: LabelClass) -> [Int]? {
    switch self {
    case .none: nil
    case .byName: kind.mirroredKeypoints ?? PointName.order(of: kind.keypointNames)
    case .pairs(let pairs): Self.order(of: pairs.compactMap { $0.indices(in: kind) }, kind.pointCount ?? 0)
    }
  }

  /// The pairs that no class has.
  package func unknownPairs(in classes: [LabelClass]) -> [Pair] {
    guard case .pairs(let pairs) = self else { return [] }
    return pairs.filter { pair in classes.allSatisfy { pair.indices(in: $0) == nil } }
  }

  private static func order(of pairs: [(Int, Int)], _ pointCount: Int) -> [Int]? {
    guard let last = pairs.map({ max($0, $1) }).max() else { return nil }
    var order = Array(0..<max(pointCount, last + 1))
    for (first, second) in pairs { order.swapAt(first, second) }
    return order
  }
}

extension FlipPairs.Pair {
  /// The two points of a class; `nil` if it lacks one.
  fileprivate func indices(in kind: LabelClass) -> (Int, Int)? {
    switch self {
    case .indices(let first, let second):
      return kind.pointCount.map { max(first, second) < $0 } ?? true ? (first, second) : nil
    case .names(let first, let second):
      let names = kind.keypointNames
      guard let place = names.firstIndex(of: first), let other = names.firstIndex(of: second) else { return nil }
      return (place, other)
    }
  }
}

extension LabelClass {
  /// `nil` if the labels name no points and do not count them.
  fileprivate var pointCount: Int? {
    let count = max(keypointNames.count, mirroredKeypoints?.count ?? 0)
    return count > 0 ? count : nil
  }
}

/// The name of a point, which may say on which side it is.
private struct PointName {
  /// Without differences in case.
  let key: String
  /// The key of its counterpart; `nil` if it names no side.
  let mirrored: String?

  private static let sides = [("left", "right"), ("right", "left")]

  init(_ name: String) {
    key = name.lowercased()
    let other = Self.words(name).map { Self.mirrored($0.lowercased()) }.joined()
    mirrored = other == key ? nil : other
  }

  /// `nil` if no two names are counterparts. A name that occurs twice has none.
  static func order(of names: [String]) -> [Int]? {
    let names = names.map(PointName.init)
    let indices = Dictionary(grouping: names.indices) { names[$0].key }
    var order = Array(names.indices)
    for (index, name) in names.enumerated() {
      guard let mirrored = name.mirrored, let others = indices[mirrored], others.count == 1,
        names[others[0]].mirrored == name.key, indices[name.key]?.count == 1
      else { continue }
      order[index] = others[0]
    }
    return order == Array(names.indices) ? nil : order
  }

  /// A word of the other side. "l" and "r" must stand alone: a ramp is no counterpart of a lamp.
  private static func mirrored(_ word: String) -> String {
    if word == "l" { return "r" }
    if word == "r" { return "l" }
    for (side, other) in sides {
      if word.hasPrefix(side) { return other + word.dropFirst(side.count) }
      if word.hasSuffix(side) { return word.dropLast(side.count) + other }
    }
    return word
  }

  /// The words and what is between them: "left_eye" is `left`, `_` and `eye`, "LEye2" is `L`, `Eye` and `2`.
  private static func words(_ name: String) -> [String] {
    let letters = Array(name)
    var words: [String] = []
    for (index, letter) in letters.enumerated() {
      let isNew = index == 0 || isBoundary(letters[index - 1], letter, letters.dropFirst(index + 1).first)
      if isNew { words.append("") }
      words[words.count - 1].append(letter)
    }
    return words
  }

  private static func isBoundary(_ last: Character, _ letter: Character, _ next: Character?) -> Bool {
    guard last.isLetter, letter.isLetter else { return true }
    guard letter.isUppercase else { return false }
    return last.isLowercase || next?.isLowercase ?? false
  }
}
