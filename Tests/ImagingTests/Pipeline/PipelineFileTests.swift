import Foundation
import Imaging
import TestSupport
import Testing

struct PipelineFileTests {
  private func read(_ text: String) throws -> Pipeline { try Pipeline(text: text, file: "p.json") }

  // MARK: What is accepted

  @Test func jsonAndYAMLOfOnePipelineAreOne() throws {
    let json = try read(
      """
      {"__version__": "2.0.8", "transform": {"__class_fullname__": "Compose", "p": 0.9, "transforms": [
        {"__class_fullname__": "SomeOf", "p": 1, "transforms": [
          {"__class_fullname__": "HorizontalFlip", "p": 0.5}, {"__class_fullname__": "NoOp", "p": 0.25}],
         "n": 3, "replace": true}], "bbox_params": null, "is_check_shapes": true}}
      """)
    let yaml = try read(
      """
      __version__: 2.0.8
      transform:
        __class_fullname__: Compose
        bbox_params: null
        is_check_shapes: true
        p: 0.9
        transforms:
        - __class_fullname__: SomeOf
          n: 3
          p: 1
          replace: true
          transforms:
          - __class_fullname__: HorizontalFlip
            p: 0.5
          - __class_fullname__: NoOp
            p: 0.25
      """)
    #expect(json.serialized == yaml.serialized)
    #expect(json.nodes.map(\.name) == ["Compose", "SomeOf", "HorizontalFlip", "NoOp"])
    #expect(json.nodes.map(\.probability) == [0.9, 1, 0.5, 0.25])
    #expect(json.notes.isEmpty)
    guard case .someOf(_, count: 3, replace: true) = json.nodes[1].kind else {
      Issue.record("n and replace were lost")
      return
    }
  }

  @Test(arguments: [
    "[{__class_fullname__: HorizontalFlip}]",
    "{__class_fullname__: Compose, transforms: [{__class_fullname__: HorizontalFlip}]}",
    "{transform: {__class_fullname__: Compose, transforms: [{__class_fullname__: HorizontalFlip}]}}",
    "- __class_fullname__: albumentations.augmentations.geometric.flip.HorizontalFlip",
    "- __class_fullname__: albumentations.HorizontalFlip\n  p: 0.5\n  always_apply: false",
  ])
  func shorterSpellingsMeanTheSame(text: String) throws {
    let pipeline = try read(text)
    #expect(pipeline.serialized == Pipeline(.compose([.transform(HorizontalFlip())])).serialized)
    #expect(pipeline.notes.isEmpty)
  }

  @Test func probabilityThatIsNotGivenIsThatOfTheClass() throws {
    let pipeline = try read(
      """
      - {__class_fullname__: OneOf, transforms: []}
      - {__class_fullname__: Sequential, transforms: []}
      - {__class_fullname__: Compose, transforms: []}
      - {__class_fullname__: SomeOf, transforms: []}
      - {__class_fullname__: NoOp}
      - {__class_fullname__: HorizontalFlip}
      - {__class_fullname__: RandomRotate90}
      """)
    #expect(pipeline.nodes.map(\.probability) == [1, 0.5, 0.5, 1, 1, 0.5, 0.5, 1])
    #expect(
      pipeline.notes == [
        "[3].p: not given, so 1, the default of SomeOf; A.load would take 0.5",
        "[6].p: not given, so 1, the default of RandomRotate90; A.load would take 0.5",
      ])
  }

  @Test func whatIsNotAboutTheImageIsNotedOnce() throws {
    let keys = """
      "bbox_params": {"format": "coco"}, "keypoint_params": {"format": "xy"}, "additional_targets": {"b": "image"}, \
      "is_check_shapes": false, "strict": true, "telemetry": false, "save_applied_params": false, "seed": 7, \
      "mask_interpolation": 0
      """
    let inner = "{\"__class_fullname__\": \"Compose\", \"transforms\": [], \(keys)}"
    let pipeline = try read("{\"__class_fullname__\": \"Compose\", \"transforms\": [\(inner)], \(keys)}")
    #expect(
      pipeline.notes == [
        "additional_targets: there are no other targets than the image and its labels; ignored",
        "seed: the seed is an option of the run; ignored",
      ])
  }

  @Test func someOfMoreThanThereAreTakesAll() throws {
    let pipeline = try read("- {__class_fullname__: SomeOf, p: 1, n: 3, transforms: [{__class_fullname__: NoOp}]}")
    guard case .someOf(_, count: 1, replace: false) = pipeline.nodes[1].kind else {
      Issue.record("n is not the number of children")
      return
    }
    #expect(pipeline.notes == ["[0].n: 3 is more than the 1 transforms there are; all are taken"])
  }

  @Test func oneNumberStandsForARange() throws {
    let short = try read(
      """
      - {__class_fullname__: RandomBrightnessContrast, brightness_limit: 0.3}
      - {__class_fullname__: CLAHE, clip_limit: 2}
      - {__class_fullname__: Perspective, scale: 0.2}
      - {__class_fullname__: OpticalDistortion, distort_limit: 1.0e-3}
      """)
    let long = try read(
      """
      - {__class_fullname__: RandomBrightnessContrast, brightness_limit: [-0.3, 0.3]}
      - {__class_fullname__: CLAHE, clip_limit: [1, 2]}
      - {__class_fullname__: Perspective, scale: [0, 0.2]}
      - {__class_fullname__: OpticalDistortion, distort_limit: [-0.001, 0.001]}
      """)
    #expect(short.serialized == long.serialized)
    let defaults = try read(
      ["RandomBrightnessContrast", "CLAHE", "Perspective", "OpticalDistortion"]
        .map { "- {__class_fullname__: \($0)}\n" }.joined())
    #expect(short.serialized != defaults.serialized)
  }

  // MARK: What is written

  @Test func writtenPipelineIsReadAsItself() throws {
    let flips: [PipelineNode] = [.transform(HorizontalFlip(), p: 0.1), .noOp(p: 1.0 / 3)]
    let unsized = ["LongestMaxSize", "SmallestMaxSize", "CropAndPad"]  // a file must give them one of two sizes
    let pipelines = [
      Pipeline.default, Pipeline(.noOp()), Pipeline(.compose([])), Pipeline(.oneOf(flips, p: 1e-7)),
      Pipeline(
        .compose([.sequential(flips), .someOf(flips, count: 4, replace: true), .compose([.oneOf(flips)], p: 0)])),
      Pipeline(.compose(TransformCatalog.all.filter { !unsized.contains($0.name) }.map { .transform($0.init()) })),
    ]
    for pipeline in pipelines {
      let again = try read(pipeline.serialized)
      #expect(again.serialized == pipeline.serialized)
      #expect(again.nodes.map(\.probability) == pipeline.nodes.map(\.probability))
      #expect(again.notes.isEmpty)
      #expect(try JSONSerialization.jsonObject(with: Data(pipeline.serialized.utf8)) is [String: Any])
    }
  }

  // MARK: Albumentations itself

  /// A Python with the packages of `experiments/peers/requirements.txt`.
  private static let python = ProcessInfo.processInfo.environment["AUGMENT_PYTHON"]

  @Test(.enabled(if: python != nil, "AUGMENT_PYTHON names no Python with Albumentations 2.0.8"))
  func albumentationsReadsAndWritesTheSamePipelines() throws {
    let folder = try TemporaryFolder()
    #expect(try runScript("write", folder.url.path) == 0)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { $0.hasSuffix(".json") }
    #expect(files.count > 200)
    for file in files {
      let path = folder.url.appending(path: String(file.dropLast(5))).path
      let json = try Pipeline(file: path + ".json")
      #expect(json.serialized == (try Pipeline(file: path + ".yaml").serialized), "\(file)")
      try json.serialized.write(toFile: path + ".again.json", atomically: false, encoding: .utf8)
    }
    #expect(try runScript("check", folder.url.path) == 0)
  }

  private func runScript(_ arguments: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: try #require(Self.python))
    process.arguments =
      [PackageFolder.url.appending(path: "experiments/pipelines/write_pipelines.py").path] + arguments
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
