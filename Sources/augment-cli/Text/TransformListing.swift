package import Imaging
internal import Studies

/// The text of `transforms`: everything that a pipeline file may name.
package enum TransformListing {
  /// Lists every transform with a sentence, by family, then the compositions.
  package static func overview(width: Int = 80) -> String {
    let families = TransformCatalog.families.filter { !$0.transforms.isEmpty }.map { family in
      [family.name]
        + family.transforms.flatMap { type in
          let name = TextColumn.padded(type.name, to: 26)
          return TextColumn.wrapped(
            type.summary, width: width, first: "  \(name) ", rest: String(repeating: " ", count: 29))
        }
    }
    let hint = ["augment-cli transforms NAME shows one with its parameters."]
    return joined(families + [compositions(width), hint])
  }

  /// Shows transforms with their parameters, their defaults and meaning.
  package static func text(of transforms: [any Transform.Type] = TransformCatalog.all, width: Int = 80) -> String {
    joined(transforms.map { entry($0, width) })
  }

  private static func joined(_ parts: [[String]]) -> String {
    parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private static func entry(_ type: any Transform.Type, _ width: Int) -> [String] {
    var lines = ["\(type.name)  (p \(format(type.defaultProbability)))"]
    lines += TextColumn.wrapped(type.summary, width: width, first: "  ", rest: "  ")
    let shapes = [1, 3].map { ImageShape(width: 640, height: 480, channels: $0) }
    if let reason = type.init().reasonToSkip(shapes[0]), type.init().reasonToSkip(shapes[1]) == nil {
      lines += TextColumn.wrapped("Skipped on grey images: \(reason).", width: width, first: "  ", rest: "  ")
    }
    lines += TextColumn.wrapped("Changes: \(targets(of: type)).", width: width, first: "  ", rest: "  ")
    for difference in type.differences {
      lines += TextColumn.wrapped("Differs from Albumentations: \(difference)", width: width, first: "  ", rest: "  ")
    }
    for (parameter, summary) in zip(type.init().parameterTexts, type.parameterSummaries) {
      lines += TextColumn.wrapped(
        parameter.value, width: width, first: "    \(TextColumn.padded(parameter.name, to: 24)) ",
        rest: String(repeating: " ", count: 29))
      lines += TextColumn.wrapped(summary, width: width, first: "        ", rest: "        ")
    }
    return lines
  }

  private static func targets(of type: any Transform.Type) -> String {
    TransformCatalog.families.first { $0.transforms.contains { $0 == type } }?.targets ?? ""
  }

  private static func compositions(_ width: Int) -> [String] {
    let rules = [
      ("Compose (p 1)", "Runs its transforms in order, each with its own p."),
      ("Sequential (p 0.5)", "The same as Compose, for use inside another composition."),
      (
        "OneOf (p 0.5)",
        "Runs one of its transforms, chosen with their p as weights; the chosen one always runs."
      ),
      (
        "SomeOf (p 1, n 1, replace false)",
        "Chooses n of its transforms with equal probability (with replace, possibly the same one again) and runs them "
          + "in list order, each with its own p."
      ),
      ("RandomOrder (p 1, n 1, replace false)", "The same as SomeOf, but in random order."),
      ("OneOrOther (p 0.5)", "Runs the first of its transforms with p, else the last; the chosen one always runs."),
      (
        "SelectiveChannelTransform (p 1, channels [0, 1, 2])",
        "Runs its transforms in order on some channels: three as a colour image, fewer each as a grey one."
      ),
      ("ReplayCompose (p 1)", "The same as Compose; the record of what it has drawn can be run, too."),
      ("NoOp (p 0.5)", "Does nothing; a choice for OneOf or SomeOf."),
    ]
    return ["Compositions"]
      + rules.flatMap { name, rule in
        ["  \(name)"] + TextColumn.wrapped(rule, width: width, first: "      ", rest: "      ")
      }
  }
}
