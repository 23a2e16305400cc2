internal import Imaging

/// Pairs of points as a person writes them: `auto`, `none`, or `left_eye:right_eye,5:6`.
extension FlipPairs {
  package struct ParsingError: Error, Hashable, CustomStringConvertible {
    package var description: String
  }

  private static let indexLimit = 10_000

  package init(parsing text: String) throws(ParsingError) {
    switch text.withoutOuterSpace {
    case "auto": self = .byName
    case "none": self = .none
    default:
      var pairs: [Pair] = []
      var points: Set<Substring> = []
      for item in text.split(separator: ",", omittingEmptySubsequences: false) {
        let names = item.split(separator: ":", omittingEmptySubsequences: false).map { $0.withoutOuterSpace[...] }
        pairs.append(try Self.pair(names, of: item))
        for name in names where !points.insert(Self.canonical(name)).inserted {
          throw ParsingError(description: "the point \(quoted(String(name))) is in more than one place")
        }
      }
      self = .pairs(pairs)
    }
  }

  private static func pair(_ names: [Substring], of item: Substring) throws(ParsingError) -> Pair {
    guard names.count == 2, !names.contains("") else {
      throw ParsingError(
        description: "\(quoted(String(item))) is neither auto, none, nor a pair of points such as left_eye:right_eye")
    }
    let numbers = names.compactMap(number)
    switch numbers.count {
    case 0: return .names(String(names[0]), String(names[1]))
    case 1: throw ParsingError(description: "\(quoted(String(item))) pairs a number with a name")
    default:
      guard max(numbers[0], numbers[1]) < indexLimit else {
        throw ParsingError(description: "the points of \(quoted(String(item))) must be less than \(indexLimit)")
      }
      return .indices(numbers[0], numbers[1])
    }
  }

  /// What a text counts; the largest number if it is beyond all numbers.
  private static func number(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy("0123456789".utf8.contains) else { return nil }
    return Int(text) ?? .max
  }

  /// The same for "5" and "05".
  private static func canonical(_ name: Substring) -> Substring { number(name).map { "\($0)" } ?? name }
}

extension FlipPairs: CustomStringConvertible {
  /// The text that gives these pairs.
  package var description: String {
    switch self {
    case .byName: "auto"
    case .none: "none"
    case .pairs(let pairs): pairs.map(\.description).joined(separator: ",")
    }
  }
}

extension FlipPairs.Pair: CustomStringConvertible {
  package var description: String {
    switch self {
    case .indices(let first, let second): "\(first):\(second)"
    case .names(let first, let second): "\(first):\(second)"
    }
  }
}
