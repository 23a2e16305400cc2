import Imaging
import Testing

/// An invalid pipeline file and the one sentence that reports it.
struct BrokenFile: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String
  let message: String

  init(_ name: String, _ text: String, _ message: String) {
    self.name = name
    self.text = text
    self.message = message
  }

  var testDescription: String { name }
}

struct BrokenPipelineFileTests {
  @Test(arguments: syntax + structure + names + probabilities + parameters + compositions)
  func errorNamesThePlaceAndTheReason(_ file: BrokenFile) {
    do throws(PipelineError) {
      _ = try Pipeline(text: file.text, file: "p.json")
      Issue.record("it was read")
    } catch {
      #expect(error.description == file.message)
    }
  }

  private static let syntax = [
    BrokenFile("blank", "\n  \n# nothing\n", "p.json: is empty"),
    BrokenFile(
      "bracket left open", "{\"transform\": [\n  1,\n",
      "p.json:3: is neither JSON nor YAML: did not find expected node content"),
    BrokenFile(
      "missing comma", "{\"p\": 1\n \"transforms\": []}",
      "p.json:2: is neither JSON nor YAML: did not find expected ',' or '}'"),
    BrokenFile(
      "tab as indentation", "transform:\n\tp: 1\n",
      "p.json:2: is neither JSON nor YAML: found character that cannot start any token"),
    BrokenFile(
      "second document", "- 1\n---\n- 2\n", "p.json:2: is neither JSON nor YAML: a second document begins here"),
    BrokenFile(
      "key twice", "{\"p\": 1,\n\"transforms\": [],\n\"p\": 0}",
      "p.json:1: the key \"p\" occurs twice in one object"),
    BrokenFile(
      "directive", "%YAML 1.2\n---\n[]\n", "p.json:1: is neither JSON nor YAML: directives (%) are not supported"),
    BrokenFile(
      "key that is no text", "[1]: 2\n", "p.json:1: is neither JSON nor YAML: a key must be a text"),
    BrokenFile(
      "alias of nothing", "- {__class_fullname__: HorizontalFlip}\n- *flip\n",
      "p.json:2: *flip is used before a value is named &flip"),
    BrokenFile(
      "keys of no object", "- &flip 1\n- {<<: *flip}\n",
      "p.json:1: is neither JSON nor YAML: << must name an object, or a list of objects"),
    BrokenFile(
      "control character", "{\"p\": \u{1}}", "p.json:1: is neither JSON nor YAML: control characters are not allowed"),
  ]

  private static let structure = [
    BrokenFile(
      "a word", "HorizontalFlip", "p.json:1: must be an object or a list of transforms, not \"HorizontalFlip\""),
    BrokenFile("a number", "\n3", "p.json:2: must be an object or a list of transforms, not 3"),
    BrokenFile("a word in the list", "- HorizontalFlip", "p.json:1: [0]: must be an object, not \"HorizontalFlip\""),
    BrokenFile("null for the transform", "{\"transform\": null}", "p.json:1: transform: must be an object, not null"),
    BrokenFile(
      "other keys beside the transform", "{\"transform\": {},\n\"tranform\": 1}",
      "p.json:2: tranform: unknown parameter of a pipeline file; did you mean \"transform\"?"),
    BrokenFile(
      "a slip in the envelope", "{\"__version__\": \"2.0.8\",\n\"tranform\": {}}",
      "p.json:2: tranform: unknown parameter of a pipeline file; did you mean \"transform\"?"),
    BrokenFile("an envelope around nothing", "{\"__version__\": \"2.0.8\"}", "p.json:1: has no \"transform\""),
    BrokenFile(
      "no class", "transform:\n  transforms:\n  - p: 1\n", "p.json:2: transform: has no \"__class_fullname__\""),
    BrokenFile(
      "a class that is no name", "{\"__class_fullname__\": 5}", "p.json:1: __class_fullname__: must be a name, not 5"),
    BrokenFile(
      "no transforms", "{\"transform\":\n{\"__class_fullname__\": \"OneOf\", \"p\": 1}}",
      "p.json:2: transform: has no \"transforms\""),
    BrokenFile(
      "one transform instead of a list",
      "__class_fullname__: Compose\ntransforms:\n  __class_fullname__: NoOp\n",
      "p.json:3: transforms: must be a list of transforms, not an object"),
  ]

  private static let names = [
    inCompose(
      "a slip in a transform", "\"__class_fullname__\": \"HorisontalFlip\"",
      "__class_fullname__: unknown transform \"HorisontalFlip\"; did you mean \"HorizontalFlip\"?"),
    inCompose(
      "a module path", "\"__class_fullname__\": \"albumentations.augmentations.blur.GausianBlur\"",
      "__class_fullname__: unknown transform \"GausianBlur\"; did you mean \"GaussianBlur\"?"),
    inCompose(
      "a slip in a composition", "\"__class_fullname__\": \"Oneof\", \"transforms\": []",
      "__class_fullname__: unknown transform \"Oneof\"; did you mean \"OneOf\"?"),
    inCompose(
      "a Python function", "\"__class_fullname__\": \"Lambda\", \"__name__\": \"f\"",
      "__class_fullname__: \"Lambda\" is a Python function, which no file can hold"),
    inCompose(
      "a transform of volumes", "\"__class_fullname__\": \"CubicSymmetry\"",
      "__class_fullname__: \"CubicSymmetry\" is for volumes, not for images"),
    inCompose(
      "somebody else's class", "\"__class_fullname__\": \"mine.HorizontalFlip\"",
      "__class_fullname__: \"mine.HorizontalFlip\" is a class of another package than Albumentations"),
    BrokenFile(
      "all that is missing",
      """
      - {__class_fullname__: Lambda, __name__: f}
      - {__class_fullname__: HorizontalFlip}
      - {__class_fullname__: OneOf, transforms: [
          {__class_fullname__: Pad3D}, {__class_fullname__: Lambda, __name__: g},
          {__class_fullname__: CubicSymmetry}, {__class_fullname__: HorizonFlip}]}
      """,
      "p.json:1: [0].__class_fullname__: \"Lambda\" (lines 1, 4) is a Python function, which no file can hold; "
        + "\"Pad3D\" (line 4), \"CubicSymmetry\" (line 5) are for volumes, not for images; "
        + "unknown transform \"HorizonFlip\" (line 5); did you mean \"HorizontalFlip\"?"),
    BrokenFile(
      "an interpolation", "- _target_: albumentations.CenterCrop\n  height: ${size}\n  width: 3\n",
      "p.json:2: [0].height: holds \"${size}\", which must be resolved first"),
    inCompose(
      "a name that a terminal would obey", "\"__class_fullname__\": \"\\u001b[2J\"",
      "__class_fullname__: unknown transform \"\\u{1B}[2J\""),
  ]

  private static let probabilities = [
    inFlip("p above 1", "\"p\": 1.5", "p: must be between 0 and 1, not 1.5"),
    inFlip("p below 0", "\"p\": -0.1", "p: must be between 0 and 1, not -0.1"),
    inFlip("p as text", "\"p\": \"0.5\"", "p: must be a number, not \"0.5\""),
    inFlip("p that is no number", "\"p\": NaN", "p: must be a number, not \"NaN\""),
    inFlip("p without end", "\"p\": 1e999", "p: must be a number, not inf"),
    inFlip("p as a range", "\"p\": [0, 1]", "p: must be a number, not a list of 2"),
    inFlip("p of nothing", "\"p\": null", "p: must be a number, not null"),
    inFlip("always_apply", "\"always_apply\": 1", "always_apply: must be true or false, not 1"),
    inFlip(
      "a parameter of another transform", "\"gamma_limit\": 3", "gamma_limit: unknown parameter of HorizontalFlip"),
  ]

  private static let parameters = [
    inCompose(
      "a slip in a parameter", "\"__class_fullname__\": \"RandomGamma\", \"p\": 1, \"gama_limit\": [80, 120]",
      "gama_limit: unknown parameter of RandomGamma; did you mean \"gamma_limit\"?"),
    inCompose(
      "a range the wrong way round", "\"__class_fullname__\": \"RandomGamma\", \"gamma_limit\": [120, 80]",
      "gamma_limit: must have the lower number first, not [120, 80]"),
    inCompose(
      "a range of three", "\"__class_fullname__\": \"RandomBrightnessContrast\", \"contrast_limit\": [0, 0.1, 0.2]",
      "contrast_limit: must be a number or two, not a list of 3"),
    inCompose(
      "a flag as a number", "\"__class_fullname__\": \"RandomBrightnessContrast\", \"brightness_by_max\": 1",
      "brightness_by_max: must be true or false, not 1"),
    inCompose(
      "a choice that is none", "\"__class_fullname__\": \"OpticalDistortion\", \"mode\": \"fish-eye\"",
      "mode: must be \"camera\" or \"fisheye\", not \"fish-eye\""),
    inCompose(
      "steps in parts", "\"__class_fullname__\": \"GridDistortion\", \"num_steps\": 2.5",
      "num_steps: must be a whole number, not 2.5"),
    inCompose(
      "an interpolation that is none", "\"__class_fullname__\": \"Perspective\", \"interpolation\": 7",
      "interpolation: must be between 0 and 6, not 7"),
    inCompose(
      "a fill of two", "\"__class_fullname__\": \"Perspective\", \"fill\": [0, 255]",
      "fill: must be a number or three, not a list of 2"),
    inCompose(
      "a number below the limit", "\"__class_fullname__\": \"Perspective\", \"scale\": [-0.1, 0.2]",
      "scale: must be between 0 and 1000000, not -0.1"),
    inCompose(
      "one number where two are meant", "\"__class_fullname__\": \"ISONoise\", \"intensity\": 0.5",
      "intensity: must be two numbers, not one"),
    inCompose(
      "a slip in what is ignored", "\"__class_fullname__\": \"Perspective\", \"fil_mask\": 0",
      "fil_mask: unknown parameter of Perspective; did you mean \"fill_mask\"?"),
  ]

  private static let compositions = [
    inCompose(
      "SomeOf of less than none", "\"__class_fullname__\": \"SomeOf\", \"n\": -1, \"transforms\": []",
      "n: must be between 0 and 1000, not -1"),
    inCompose(
      "SomeOf of a range", "\"__class_fullname__\": \"SomeOf\", \"n\": [1, 2], \"transforms\": []",
      "n: must be a whole number, not a list of 2"),
    inCompose(
      "SomeOf of nothing, with replacement",
      "\"__class_fullname__\": \"SomeOf\", \"n\": 2, \"replace\": true, \"transforms\": []",
      "n: must be 0, since there are no transforms to choose from"),
    inCompose(
      "OneOrOther of nothing", "\"__class_fullname__\": \"OneOrOther\", \"transforms\": []",
      "transforms: must name a transform, or two"),
    inCompose(
      "a channel twice",
      "\"__class_fullname__\": \"SelectiveChannelTransform\", \"p\": 1, \"channels\": [0, 0], \"transforms\": []",
      "channels: must name each channel once, not a list of 2"),
    inCompose(
      "a channel that no image has",
      "\"__class_fullname__\": \"SelectiveChannelTransform\", \"p\": 1, \"channels\": [3], \"transforms\": []",
      "channels: must be between 0 and 2, not 3"),
    inCompose(
      "an old key of no number", "\"__class_fullname__\": \"Solarize\", \"threshold\": [\"a\", 1]",
      "threshold: must be a number, not \"a\""),
    inCompose(
      "a key of SomeOf in OneOf", "\"__class_fullname__\": \"OneOf\", \"n\": 1, \"transforms\": []",
      "n: unknown parameter of OneOf"),
    inCompose(
      "a slip in Compose", "\"__class_fullname__\": \"Compose\", \"bbox_param\": null, \"transforms\": []",
      "bbox_param: unknown parameter of Compose; did you mean \"bbox_params\"?"),
    inCompose(
      "boxes that are none", "\"__class_fullname__\": \"Compose\", \"bbox_params\": \"coco\", \"transforms\": []",
      "bbox_params: must be an object or null, not \"coco\""),
    inCompose(
      "a seed that is none", "\"__class_fullname__\": \"Compose\", \"seed\": 1.5, \"transforms\": []",
      "seed: must be a whole number or null, not 1.5"),
    inCompose(
      "parameters to be saved",
      "\"__class_fullname__\": \"Compose\", \"save_applied_params\": true, \"transforms\": []",
      "save_applied_params: must be false or null, since nothing here reads what it would save, not true"),
    inCompose(
      "transforms under NoOp", "\"__class_fullname__\": \"NoOp\", \"transforms\": []",
      "transforms: unknown parameter of NoOp"),
  ]

  /// The second child of a `Compose`, on line 4.
  private static func inCompose(_ name: String, _ fields: String, _ message: String) -> BrokenFile {
    let text = """
      {"__version__": "2.0.8", "transform":
      {"__class_fullname__": "Compose", "p": 1.0, "transforms": [
      {"__class_fullname__": "NoOp", "p": 0.5},
      {\(fields)}]}}
      """
    return BrokenFile(name, text, "p.json:4: transform.transforms[1].\(message)")
  }

  /// A `HorizontalFlip` in a list, in YAML, on line 2.
  private static func inFlip(_ name: String, _ field: String, _ message: String) -> BrokenFile {
    BrokenFile(
      name, "- __class_fullname__: HorizontalFlip\n  \(field.replacing("\"p\"", with: "p"))\n",
      "p.json:2: [0].\(message)")
  }
}
