/// A class that a pipeline file names and that cannot run here.
package struct MissingClass: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Of Albumentations, but not here.
    case notAvailable
    /// A Python function, of which a file holds the name alone.
    case function
    /// Something that each call in Python is given texts for, of which a file holds none.
    case textOfCalls
    /// For volumes, which are no images.
    case volume
    /// Recorded by `ReplayCompose` without all that it drew.
    case recorded
    /// Of another package.
    case foreign
    /// Unknown, with the nearest name that is available.
    case unknown(nearest: String?)
  }

  package let name: String
  package let kind: Kind
  /// The lines that name it.
  package var lines: [Int]

  init(_ name: ClassName, kind: Kind, line: Int) {
    (self.name, self.kind, lines) = (name.short, kind, [line])
  }

  /// What Albumentations has under this name, or else.
  /// - Parameter isNearestWanted: whether to look for the name that may be meant, which takes its time.
  init(_ name: ClassName, line: Int, isNearestWanted: Bool) {
    let kind: Kind =
      switch LibraryClass.kind(of: name.short) {
      case .function: .function
      case .textOfCalls: .textOfCalls
      case .volume: .volume
      case .transform: .notAvailable
      case nil where name.isForeign: .foreign
      case nil: .unknown(nearest: isNearestWanted ? nearestName(to: name.short, among: ClassName.available) : nil)
      }
    self.init(name, kind: kind, line: line)
  }

  /// Whether it is more than a slip in a name.
  package var isKnownToBeMissing: Bool { if case .unknown = kind { false } else { true } }

  /// Why it does not run: a sentence fragment.
  var reason: String { Self.sentence([self]) }

  /// Why some classes do not run, those for the same reason together: a sentence fragment.
  static func sentence(_ classes: [MissingClass]) -> String {
    var groups: [(kind: Kind, classes: [MissingClass])] = []
    for missing in classes {
      if missing.kind.isShared, let group = groups.firstIndex(where: { $0.kind == missing.kind }) {
        groups[group].classes.append(missing)
      } else {
        groups.append((missing.kind, [missing]))
      }
    }
    let isOfOneLine = Set(classes.flatMap(\.lines)).count == 1  // the place of the error says it
    let texts = groups.prefix(mostShown).map { $0.kind.sentence($0.classes, withLines: !isOfOneLine) }
    return texts.joined(separator: "; ") + (groups.count > mostShown ? "; and more" : "")
  }

  /// Enough to tell what a file needs; a hostile one could fill the terminal.
  static let mostShown = 20

  fileprivate var place: String {
    let shown = lines.prefix(5).map(String.init).joined(separator: ", ") + (lines.count > 5 ? ", ..." : "")
    return lines.count == 1 ? " (line \(shown))" : " (lines \(shown))"
  }
}

extension MissingClass.Kind {
  /// Whether several classes can share one sentence.
  fileprivate var isShared: Bool { if case .unknown = self { false } else { true } }

  fileprivate func sentence(_ classes: [MissingClass], withLines: Bool) -> String {
    let names = classes.prefix(MissingClass.mostShown).map { quoted($0.name) + (withLines ? $0.place : "") }
    let list = names.joined(separator: ", ") + (classes.count > names.count ? " and more" : "")
    let isOne = classes.count == 1
    return switch self {
    case .notAvailable:
      isOne
        ? "\(list) is a transform of Albumentations that is not available here"
        : "\(list) are transforms of Albumentations that are not available here"
    case .function: "\(list) is a Python function, which no file can hold"
    case .textOfCalls: "\(list) writes texts that each call in Python gives it, and no file holds any"
    case .volume: isOne ? "\(list) is for volumes, not for images" : "\(list) are for volumes, not for images"
    case .recorded:
      "\(list) drew what the record does not hold in a form that can be run again"
    case .foreign:
      isOne
        ? "\(list) is a class of another package than Albumentations"
        : "\(list) are classes of another package than Albumentations"
    case .unknown(let nearest): "unknown transform \(list)" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    }
  }
}

/// The name of a class in a pipeline file.
struct ClassName {
  /// As the file has it.
  let full: String
  /// Without the modules of Albumentations.
  let short: String

  /// Names that can be read.
  static var available: [String] { PipelineReader.compositionNames + TransformCatalog.all.map { $0.name } }

  init(_ full: String) {
    self.full = full
    let isOfLibrary = full.hasPrefix("albumentations.") || full.hasPrefix("A.")
    short = isOfLibrary ? full.split(separator: ".").last.map(String.init) ?? full : full
  }

  /// Whether it names a module that is not of Albumentations.
  var isForeign: Bool { short.contains(".") }
}
