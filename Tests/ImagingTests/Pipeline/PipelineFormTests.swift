import Foundation
import Imaging
import TestSupport
import Testing

/// Files of other tools than Albumentations, and of several pipelines.
struct PipelineFormTests {
  private static let flip = Pipeline(.compose([.transform(HorizontalFlip())])).serialized

  @Test(arguments: [
    "- {_target_: albumentations.HorizontalFlip, p: 0.5, _convert_: all}", "- {type: HorizontalFlip}",
    "- {name: HorizontalFlip, params: {p: 0.5}}", "transforms: [{name: HorizontalFlip}]",
    "{__class_fullname__: ReplayCompose, p: 1, transforms: [{type: HorizontalFlip}], save_key: replay}",
    "{type: Albu, transforms: [{type: HorizontalFlip}], keymap: {img: image}, update_pad_shape: false}",
    "a: &a {p: 0.5}\nb:\n  c: [{<<: *a, type: HorizontalFlip}]",
    "- {<<: [{p: 0.5}, {p: 0.1}], type: HorizontalFlip}", "- {type: HorizontalFlip, <<: {type: NoOp}}",
  ])
  func otherSpellingsMeanTheSame(text: String) throws {
    #expect(try Pipeline(text: text, file: "p.yaml").serialized == Self.flip)
  }

  // MARK: Files and folders

  private func reason(_ file: String) -> PipelineError.Reason? {
    do throws(PipelineError) {
      _ = try Pipeline(file: file)
      return nil
    } catch {
      return error.reason
    }
  }

  private func write(_ text: String, _ name: String, _ folder: borrowing TemporaryFolder) throws -> String {
    let path = folder.url.appending(path: name).path
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  @Test func oneOfSeveralIsChosenByName() throws {
    let folder = try TemporaryFolder()
    let path = try write(
      "train: {aug: [{type: HorizontalFlip}]}\nval: [{type: NoOp}]\nmodel: {type: Adam, name: x}\n", "p.yaml", folder)
    #expect(try Pipeline(file: path + ":train.aug").serialized == Self.flip)
    #expect(try Pipeline(file: path + ":val").nodes.map(\.name) == ["Compose", "NoOp"])
    #expect(reason(path) == .severalPipelines(["train.aug", "val"], wanted: nil))
    #expect(reason(path + ":test") == .severalPipelines(["train.aug", "val"], wanted: "test"))
  }

  @Test func folderOfSavePretrainedIsRead() throws {
    let folder = try TemporaryFolder()
    _ = try write("[{type: HorizontalFlip}]", "albumentations_config_train.json", folder)
    _ = try write("[]", "albumentations_config_eval.json", folder)
    #expect(try Pipeline(file: folder.url.path + ":train").serialized == Self.flip)
    #expect(reason(folder.url.path) == .severalPipelines(["eval", "train"], wanted: nil))
  }

  @Test func pythonIsToBeSaved() throws {
    let folder = try TemporaryFolder()
    let path = try write("import albumentations as A", "train.py", folder)
    #expect(reason(path)?.description.contains("A.save(pipeline, 'pipeline.json')") == true)
  }

  // MARK: What is left out, and what is kept for the run

  @Test func whatCannotRunIsLeftOutOnRequest() throws {
    let text = """
      - {__class_fullname__: Lambda, __name__: f}
      - {__class_fullname__: OneOf, p: 1, transforms: [{__class_fullname__: my.Flip, p: 0.3}, {type: HorizontalFlip}]}
      """
    let pipeline = try Pipeline(text: text, file: "p.yaml", reading: PipelineReading(skipsUnknown: true))
    #expect(pipeline.nodes.map(\.name) == ["Compose", "OneOf", "NoOp", "HorizontalFlip"])
    #expect(pipeline.nodes.map(\.probability) == [1, 1, 0.3, 0.5])
    #expect(
      pipeline.notes == [
        "[0].__class_fullname__: left out: \"Lambda\" is a Python function, which no file can hold",
        "[1].transforms[0].__class_fullname__: left out: \"my.Flip\" is a class of another package than Albumentations",
      ])
  }

  @Test func labelsThatAFileAsksForAreKept() throws {
    let text = """
      {__class_fullname__: Compose, transforms: [], bbox_params: {format: coco}, keypoint_params: {format: xy},
       additional_targets: {b: image, a: mask}}
      """
    let labels = try Pipeline(text: text, file: "p.yaml").labels
    #expect(labels.demands == ["bbox_params", "keypoint_params"])
    #expect(labels.furtherTargets == ["a", "b"])
  }

  @Test func maskInterpolationOfTheOutermostComposeHolds() throws {
    let affine = "{__class_fullname__: Affine, mask_interpolation: 0}"
    let inner = "{__class_fullname__: Compose, mask_interpolation: 2, transforms: [\(affine)]}"
    #expect(try maskInterpolation(inner) == "2")
    #expect(
      try maskInterpolation("{__class_fullname__: Compose, mask_interpolation: 1, transforms: [\(inner)]}") == "1")
    #expect(try maskInterpolation("{__class_fullname__: Compose, transforms: [\(inner), \(affine)]}") == "0")
  }

  private func maskInterpolation(_ text: String) throws -> String? {
    let last = try #require(try Pipeline(text: text, file: "p.yaml").nodes.last)
    guard case .transform(let transform) = last.kind else { return nil }
    return transform.parameterTexts.first { $0.name == "mask_interpolation" }?.value
  }

  // MARK: Records of ReplayCompose

  @Test func recordRunsAsDrawn() throws {
    let record = """
      {__class_fullname__: ReplayCompose, params: null, applied: true, bbox_params: null, transforms: [
        {__class_fullname__: HorizontalFlip, p: 0.5, params: null, applied: false},
        {__class_fullname__: OneOf, params: null, applied: true, transforms: [
          {__class_fullname__: VerticalFlip, p: 0.2, params: {shape: [4, 3, 3]}, applied: true},
          {__class_fullname__: RandomGamma, p: 0.5, gamma_limit: [80, 120], params: null, applied: false}]},
        {__class_fullname__: HueSaturationValue, p: 0.5,
         params: {hue_shift: 1.5, sat_shift: -2, val_shift: 3}, applied: true},
        {__class_fullname__: RandomBrightnessContrast, p: 0.5, brightness_by_max: false,
         params: {shape: [4, 3, 3], alpha: 1.25, beta: 51}, applied: true}]}
      """
    let fixed = """
      {__class_fullname__: Compose, p: 1, transforms: [
        {__class_fullname__: Compose, p: 1, transforms: [{__class_fullname__: VerticalFlip, p: 1}]},
        {__class_fullname__: HueSaturationValue, p: 1, hue_shift_limit: [1.5, 1.5], sat_shift_limit: [-2, -2],
         val_shift_limit: [3, 3]},
        {__class_fullname__: RandomBrightnessContrast, p: 1, contrast_limit: [0.25, 0.25],
         brightness_limit: [0.2, 0.2]}]}
      """
    #expect(
      try Pipeline(text: record, file: "p.yaml").serialized == Pipeline(text: fixed, file: "p.yaml").serialized)
  }

  @Test func recordWithoutTheNumbersIsRefused() {
    let text = "{__class_fullname__: ElasticTransform, params: {shape: [4, 3, 3]}, applied: true}"
    do throws(PipelineError) {
      _ = try Pipeline(text: text, file: "p.yaml")
      Issue.record("it was read")
    } catch {
      #expect(
        error.description
          == "p.yaml:1: \"ElasticTransform\" drew what the record does not hold in a form that can be run again")
    }
  }
}
