import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

/// Runs with transforms that look at labels or masks, or that an image does not suit.
struct SceneTransformTests {
  private static func pipeline(_ transforms: String...) -> String { "[\(transforms.joined(separator: ", "))]" }

  private static func transform(_ name: String, _ more: String) -> String {
    "{\"__class_fullname__\": \"\(name)\", \(more), \"p\": 1}"
  }

  // Crops that an image is too small for.

  @Test(arguments: ["main-reads", "worker-reads"]) func aCropLargerThanItsImageFailsIt(strategy: String) throws {
    let workspace = try Workspace()
    try workspace.addFolder("in")
    try workspace.addImage("in/small.jpg", width: 80, height: 60)
    try workspace.addImage("in/large.jpg", width: 120, height: 130)
    try workspace.addFile(
      "crop.json", Self.pipeline(Self.transform("RandomCrop", "\"height\": 90, \"width\": 100")))
    let outcome = try Program.run(
      ["augment", "in", "out", "--pipeline", "crop.json", "--copies", "2", "--strategy", strategy], in: workspace)
    #expect(outcome.status == 1)
    #expect(outcome.errorText.contains("RandomCrop: its crop of 100x90 is larger than the image, 80x60"))
    let files = workspace.tree("out").files.filter { $0.hasSuffix(".jpg") }
    #expect(files.count == 2 && files.allSatisfy { $0.hasPrefix("large") })
  }

  /// The pixels cannot be decoded, and need not be.
  @Test func anImageThatIsTooSmallIsNotDecoded() throws {
    let workspace = try Workspace()
    try workspace.addFolder("in")
    try workspace.addImage("in/a.jpg", width: 80, height: 60)
    let bytes = try #require(workspace.contents("in/a.jpg"))
    try Data(bytes.prefix(bytes.count / 2)).write(to: URL(filePath: workspace.absolute("in/a.jpg")))
    try workspace.addFile("crop.json", Self.pipeline(Self.transform("CenterCrop", "\"height\": 90, \"width\": 100")))
    let outcome = try Program.run(["augment", "in", "out", "--pipeline", "crop.json"], in: workspace)
    #expect(outcome.status == 1 && outcome.errorText.contains("larger than the image"), "\(outcome.errorText)")
  }

  // Labels and masks.

  @Test func transformsThatNeedLabelsAreRefusedWithout() throws {
    let workspace = try Workspace()
    try workspace.addFolder("in")
    try workspace.addImage("in/a.jpg")
    for (name, what) in [("RandomSizedBBoxSafeCrop", "labels of objects"), ("CropNonEmptyMaskIfExists", "masks")] {
      try workspace.addFile("crop.json", Self.pipeline(Self.transform(name, "\"height\": 20, \"width\": 30")))
      let outcome = try Program.run(["augment", "in", "out", "--pipeline", "crop.json"], in: workspace)
      #expect(outcome.status == 64 && outcome.errorText.contains("\(name) needs \(what), and the run has none"))
      #expect(!FileManager.default.fileExists(atPath: workspace.absolute("out")))
    }
  }

  /// Behind a mirror, so that the boxes must have followed it.
  @Test func safeCropsKeepAllObjectsForAnyRanks() throws {
    let workspace = try Workspace()
    try workspace.addVOC(
      "a", Workspace.vocObject([3, 5, 30, 40]) + Workspace.vocObject([21, 31, 44, 50]), width: 200, height: 90)
    try workspace.addFile(
      "crop.json",
      Self.pipeline(
        "{\"__class_fullname__\": \"HorizontalFlip\", \"p\": 1}",
        Self.transform("BBoxSafeRandomCrop", "\"erosion_rate\": 0")))
    for ranks in ["1", "3"] {
      let outcome = try Program.run(
        ["augment", "in", "out\(ranks)", "--pipeline", "crop.json", "--copies", "12", "--ranks", ranks], in: workspace)
      try #require(outcome.status == 0, "\(outcome.errorText)")
    }
    let objects = try workspace.objects("out1")
    #expect(objects.count == 12 && objects.values.allSatisfy { $0.count == 2 })
    #expect(Set(try workspace.imageSizes("out1").values).count > 3, "the crops differ")
    #expect(workspace.tree("out1") == workspace.tree("out3"))
  }

  /// A transform that draws by the mask cannot do without it, and neither can the copy.
  @Test(arguments: ["CropNonEmptyMaskIfExists", "MaskDropout"]) func aBrokenMaskFailsTheCopies(name: String) throws {
    let workspace = try Workspace()
    for image in ["a", "b"] {
      try workspace.addImage("in/images/\(image).png", as: .png, width: 60, height: 50)
      var encoder = MaskEncoder()
      let mask = try encoder.encode(MaskImage(PixelBuffer(ImageShape(width: 60, height: 50, channels: 1)), .grey))
      try workspace.addFolder("in/masks")
      try Data(mask).write(to: URL(filePath: workspace.absolute("in/masks/\(image).png")))
    }
    try workspace.truncate("in/masks/a.png")
    let parameters = name == "MaskDropout" ? "\"fill\": 0" : "\"height\": 20, \"width\": 25"
    try workspace.addFile("draw.json", Self.pipeline(Self.transform(name, parameters)))
    let outcome = try Program.run(["augment", "in", "out", "--pipeline", "draw.json", "--copies", "2"], in: workspace)
    #expect(outcome.status == 1 && outcome.errorText.contains("masks/a.png"), "\(outcome.errorText)")
    let files = workspace.tree("out").files
    #expect(!files.contains { $0.contains("a_aug") } && files.count { $0.contains("b_aug") } == 4, "\(files)")
  }

  /// The object is so small that crops without regard to it would mostly miss it.
  @Test func cropsShowWhatTheMaskMarks() throws {
    let workspace = try Workspace()
    try workspace.addFolder("in/images")
    try workspace.addFolder("in/masks")
    try workspace.addImage("in/images/a.png", as: .png, width: 120, height: 90)
    var values = PixelBuffer(ImageShape(width: 120, height: 90, channels: 1))
    values.set((0..<120 * 90).map { (80..<84).contains($0 % 120) && (20..<23).contains($0 / 120) ? 2 : 0 })
    var encoder = MaskEncoder()
    let mask = try encoder.encode(MaskImage(values, .grey))
    try Data(mask).write(to: URL(filePath: workspace.absolute("in/masks/a.png")))
    try workspace.addFile(
      "crop.json",
      Self.pipeline(
        "{\"__class_fullname__\": \"RandomRotate90\", \"p\": 1}",
        Self.transform("CropNonEmptyMaskIfExists", "\"height\": 20, \"width\": 25")))
    for ranks in ["1", "3"] {
      let outcome = try Program.run(
        ["augment", "in", "out\(ranks)", "--pipeline", "crop.json", "--copies", "16", "--ranks", ranks], in: workspace)
      try #require(outcome.status == 0, "\(outcome.errorText)")
    }
    #expect(workspace.tree("out1") == workspace.tree("out3"))
    let masks = workspace.tree("out1").files.filter { $0.hasPrefix("masks/") }
    #expect(masks.count == 16)
    for name in masks {
      let bytes = [UInt8](try #require(workspace.contents("out1/\(name)")))
      #expect(try MaskImage.Values(bytes).values.contains(2), "\(name)")
    }
  }
}
