import Imaging
import Testing

struct LegacyPipelineFileTests {
  private func read(_ nodes: String, version: String? = nil) throws -> Pipeline {
    let head = version.map { "__version__: \"\($0)\"\n" } ?? ""
    let text = "\(head)transform: {__class_fullname__: Compose, p: 1, transforms: [\(nodes)]}"
    return try Pipeline(text: text, file: "p.yaml")
  }

  /// What is old and what it means in 2.0.8, of transforms that have been here the longest.
  @Test(arguments: [
    ("RandomBrightness, limit: 0.3", "RandomBrightnessContrast, brightness_limit: 0.3, contrast_limit: 0"),
    ("RandomContrast, limit: [0, 0.3]", "RandomBrightnessContrast, brightness_limit: 0, contrast_limit: [0, 0.3]"),
    ("IAAFliplr", "HorizontalFlip"), ("IAAFlipud", "VerticalFlip"),
    ("IAASharpen, alpha: [0.1, 0.2]", "Sharpen, alpha: [0.1, 0.2]"),
    ("IAAPerspective, scale: [0.05, 0.1]", "Perspective, scale: [0.05, 0.1]"),
    (
      "IAAAffine, rotate: [-3, 4], scale: [0.9, 1.1], shear: [1, 2], order: 3, cval: 7, mode: edge",
      "Affine, rotate: [-3, 4], scale: [0.9, 1.1], keep_ratio: true, shear: {x: [1, 2], y: [0, 0]}, interpolation: 2, "
        + "fill: 7, border_mode: 1"
    ),
    ("Affine, cval: 9, cval_mask: 1, mode: 4", "Affine, fill: 9, fill_mask: 1, border_mode: 4"),
    ("Perspective, pad_mode: 1, pad_val: [1, 2, 3]", "Perspective, border_mode: 1, fill: [1, 2, 3]"),
    ("Perspective, value: null", "Perspective"),
    ("ElasticTransform, alpha_affine: 3.5, value: 5", "ElasticTransform, fill: 5"),
    ("OpticalDistortion, shift_limit: 0.1", "OpticalDistortion"),
    ("RandomGamma, eps: 1.0e-7", "RandomGamma"),
    ("Solarize, threshold: [51, 102]", "Solarize, threshold_range: [0.2, 0.4]"),
    ("Solarize, threshold: 51", "Solarize, threshold_range: [0.2, 0.2]"),
    ("CenterCrop, height: 3, width: 4, pad_cval: 5", "CenterCrop, height: 3, width: 4, fill: 5"),
    ("HorizontalFlip, p: 0.2, always_apply: true", "HorizontalFlip, p: 1"),
  ])
  func oldNamesMeanWhatTheyMeant(old: String, new: String) throws {
    let old = try read("{__class_fullname__: \(old)}")
    #expect(try old.serialized == read("{__class_fullname__: \(new)}").serialized)
  }

  @Test func eachKindOfTranslationIsNotedOnce() throws {
    let node = "{__class_fullname__: ElasticTransform, alpha_affine: 3, value: 5}"
    #expect(
      try read("\(node), \(node)").notes == [
        "transform.transforms[0].value: read as fill",
        "transform.transforms[0].alpha_affine: left out: 2.0.8 has no affine part",
      ])
  }

  @Test func flipIsOneOfThree() throws {
    let pipeline = try read("{__class_fullname__: Flip, p: 0.3}")
    #expect(
      pipeline.nodes.map(\.name) == [
        "Compose", "OneOf", "HorizontalFlip", "VerticalFlip", "Sequential", "HorizontalFlip", "VerticalFlip",
      ])
    #expect(pipeline.nodes.map(\.probability) == [1, 0.3, 1, 1, 1, 1, 1])
  }

  // MARK: Versions

  @Test func whatAFileLeavesOutIsTheDefaultOfItsVersion() throws {
    let grid = "{__class_fullname__: GridDistortion}"
    let old = try read("{__class_fullname__: GridDistortion, border_mode: 4, normalized: false}")
    #expect(try read(grid, version: "1.3.1").serialized == old.serialized)
    #expect(try read(grid, version: "2.0.0").serialized == read(grid).serialized)
    #expect(
      try read(grid, version: "1.4.20").notes == [
        "transform.transforms[0].border_mode: not given, so 4, the default of GridDistortion in 1.4.20"
      ])
    #expect(try read("{__class_fullname__: RandomRotate90}", version: "1.3.1").nodes[1].probability == 0.5)
  }

  @Test func sigmaZeroWasThatOfTheKernel() throws {
    let blur = "{__class_fullname__: GaussianBlur, p: 0.5, blur_limit: [4, 7], sigma_limit: [0, 0]}"
    let pipeline = try read(blur, version: "1.3.1")
    #expect(pipeline.nodes.map(\.name) == ["Compose", "OneOf", "GaussianBlur", "GaussianBlur"])
    #expect(pipeline.nodes.map(\.probability) == [1, 0.5, 1, 1])
    let drawn = pipeline.nodes.compactMap { node -> [String]? in
      guard case .transform(let transform) = node.kind else { return nil }
      return transform.parameterTexts.map(\.value)
    }
    #expect(drawn.map { $0.contains { $0.hasPrefix("[5, 5]") || $0.hasPrefix("[7, 7]") } } == [true, true])
    #expect(drawn.map { $0.contains { $0.hasPrefix("[1.1") || $0.hasPrefix("[1.4") } } == [true, true])
    #expect(try read(blur, version: "2.0.8").nodes.map(\.name) == ["Compose", "GaussianBlur"])
  }

  @Test func weightOfAChosenTransformStaysItsP() throws {
    let flip = "{__class_fullname__: HorizontalFlip, p: 0.2, always_apply: true}"
    let group = "{__class_fullname__: OneOf, p: 1, transforms: [\(flip)]}"
    #expect(try read(group, version: "1.3.1").nodes[2].probability == 0.2)
    #expect(try read(flip, version: "1.3.1").nodes[1].probability == 1)
  }

  @Test func someOfForcedWhatItChose() throws {
    let group = """
      {__class_fullname__: SomeOf, p: 1, n: 1, replace: false, transforms: [{__class_fullname__: HorizontalFlip}]}
      """
    #expect(try read(group, version: "1.3.1").nodes.map(\.name) == ["Compose", "RandomOrder", "HorizontalFlip"])
    #expect(try read(group, version: "2.0.5").nodes.map(\.name) == ["Compose", "SomeOf", "HorizontalFlip"])
    #expect(try read(group, version: "2.0.5").nodes[2].probability == 1)
    #expect(try read(group, version: "2.0.8").nodes[2].probability == 0.5)
  }

  // MARK: The table

  private func parameters(of name: String) -> [String]? {
    TransformCatalog.type(named: name).map { $0.init().parameterTexts.map(\.name) }
  }

  @Test func everyTargetOfTheTableIsAParameter() {
    for rule in LegacyParameter.all {
      for name in rule.classes { expect(rule.targets, of: name) }
    }
    for legacy in LegacyClass.all { expect(legacy.parameters.flatMap(\.targets), of: legacy.successor) }
    for line in LegacyDefault.all { for name in line.classes { expect([line.key], of: name) } }
  }

  private func expect(_ keys: [String], of name: String) {
    guard let known = parameters(of: name) else { return }
    // A key of a whole family, such as `value`, may have no counterpart in some of its classes; `fill_mask` is that of
    // masks, of which some warps know nothing.
    let excused = ["p", "fill_mask"] + (known.contains("fill") ? [] : ["fill", "border_mode"])
    for key in keys { #expect(known.contains(key) || excused.contains(key), "\(name).\(key)") }
  }

  @Test func noOldKeyIsAParameterOfItsClass() {
    for rule in LegacyParameter.all where rule.keys != rule.targets {
      for name in rule.classes {
        for key in rule.keys { #expect(parameters(of: name)?.contains(key) != true, "\(name).\(key)") }
      }
    }
  }
}
