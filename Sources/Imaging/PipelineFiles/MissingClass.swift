/// A class that a pipeline file names and that cannot run here.
package struct MissingClass: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Of Albumentations, but not here.
    case notAvailable
    /// A Python function, of which a file holds the name alone.
    case function
    /// For volumes, which are no images.
    case volume
    /// Of another package.
    case foreign
    /// Unknown, with the nearest name that is available.
    case unknown(nearest: String?)
  }

  package let name: String
  package let kind: Kind
  /// The lines that name it.
  package var lines: [Int]

  /// What Albumentations has under this name, or else.
  init(_ name: ClassName, line: Int) {
    self.name = name.full
    lines = [line]
    kind =
      switch LibraryClass.kind(of: name.short) {
      case .function: .function
      case .volume: .volume
      case .transform: .notAvailable
      case nil where name.isForeign: .foreign
      case nil: .unknown(nearest: nearestName(to: name.short, among: ClassName.available))
      }
  }

  /// Why it does not run: a sentence fragment.
  var reason: String {
    let name = quoted(name)
    return switch kind {
    case .notAvailable: "\(name) is a transform of Albumentations that is not available here"
    case .function: "\(name) is a Python function, which no file can hold"
    case .volume: "\(name) is for volumes, not for images"
    case .foreign: "\(name) is a class of another package than Albumentations"
    case .unknown(let nearest): "unknown transform \(name)" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    }
  }

  static func sentence(_ classes: [MissingClass]) -> String {
    guard let first = classes.first, classes.count > 1 || first.lines.count > 1 else {
      return classes.first?.reason ?? ""
    }
    let shown = classes.prefix(20).map { "\($0.reason) (\($0.place))" }
    return shown.joined(separator: "; ") + (classes.count > 20 ? "; and \(classes.count - 20) more" : "")
  }

  private var place: String {
    let shown = lines.prefix(5).map(String.init).joined(separator: ", ") + (lines.count > 5 ? ", ..." : "")
    return lines.count == 1 ? "line \(shown)" : "lines \(shown)"
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
