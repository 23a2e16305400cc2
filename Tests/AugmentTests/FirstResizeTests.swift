import Foundation
import Imaging
import TestSupport
import Testing

/// JPEG files decoded smaller, because a pipeline begins with a change of size.
struct FirstResizeTests {
  private static let crop =
    "{\"__class_fullname__\": \"RandomResizedCrop\", \"size\": [40, 50], \"scale\": [0.3, 1], \"p\": 1.0}"

  /// A colour and a grey photograph, and a PNG file.
  private static func workspace(_ pipeline: String) throws -> Workspace {
    let workspace = try Workspace()
    for index in 0..<3 { try workspace.addImage("in/\(index).jpg", seed: index, width: 803, height: 601) }
    try workspace.addImage("in/plain.png", as: .png, seed: 3, width: 300, height: 200)
    try workspace.addFile("pipeline.json", "[\(pipeline)]")
    return workspace
  }

  private static func augment(_ folder: String, _ options: String..., in workspace: Workspace) throws {
    let fixed = ["--pipeline", "pipeline.json", "--copies", "3", "--format", "png"]
    let outcome = try Program.run(["augment", "in", folder] + fixed + options, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
  }

  /// The peak signal-to-noise ratio of both files, in decibels; infinite if they are equal.
  private static func ratio(_ first: String, _ second: String, in workspace: Workspace) throws -> Double {
    let (left, right) = (try Pixels(first, in: workspace), try Pixels(second, in: workspace))
    try #require(left.shape == right.shape)
    let squares = zip(left.color, right.color).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
    return 10 * log10(255 * 255 * Double(left.color.count) / squares)
  }

  @Test func copiesAreTheSameForEveryStrategy() throws {
    let workspace = try Self.workspace("\(Self.crop), {\"__class_fullname__\": \"HorizontalFlip\"}")
    try Self.augment("reference", "--strategy", "sequential", in: workspace)
    for strategy in StrategyNames.parallel {
      try Self.augment(strategy, "--strategy", strategy, "--ranks", "4", in: workspace)
      #expect(workspace.tree(strategy) == workspace.tree("reference"), "\(strategy)")
    }
  }

  @Test(arguments: [(1, "[40, 50]"), (2, "[40, 50]"), (3, "[20, 25]"), (4, "[40, 50]")])
  func copiesLookLikeThoseOfTheFullImage(interpolation: Int, size: String) throws {
    let pipeline = Self.crop.replacingOccurrences(of: "\"p\"", with: "\"interpolation\": \(interpolation), \"p\"")
      .replacingOccurrences(of: "[40, 50]", with: size)
    let workspace = try Self.workspace(pipeline)
    // Fine detail differs: what a filter of OpenCV skips is averaged by the decoder.
    try Self.augment("reduced", in: workspace)
    try Self.augment("exact", "--exact", in: workspace)
    for copy in 0..<3 {
      let name = "0_aug00000\(copy).png"
      let ratio = try Self.ratio("reduced/\(name)", "exact/\(name)", in: workspace)
      #expect(ratio > 25 && ratio < .infinity, "\(name): \(ratio)")
      #expect(
        workspace.tree("reduced")["plain_aug00000\(copy).png"] == workspace.tree("exact")["plain_aug00000\(copy).png"])
    }
  }

  /// The whole image is needed if a copy begins with anything else, takes single pixels, or is not much smaller.
  @Test(arguments: [
    "{\"__class_fullname__\": \"HorizontalFlip\", \"p\": 1.0}, {\"__class_fullname__\": \"Resize\", \"height\": 40, \"width\": 50, \"p\": 1.0}",
    "{\"__class_fullname__\": \"Resize\", \"height\": 40, \"width\": 50, \"p\": 0.5}",
    "{\"__class_fullname__\": \"Resize\", \"height\": 40, \"width\": 50, \"interpolation\": 0, \"p\": 1.0}",
    "{\"__class_fullname__\": \"Resize\", \"height\": 500, \"width\": 600, \"p\": 1.0}",
  ]) func imagesAreDecodedWholeWhereAllOfThemIsNeeded(pipeline: String) throws {
    let workspace = try Self.workspace(pipeline)
    try Self.augment("out", in: workspace)
    try Self.augment("exact", "--exact", in: workspace)
    #expect(workspace.tree("out") == workspace.tree("exact"))
  }

  @Test func labelsDoNotDependOnTheDecodersScale() throws {
    let workspace = try Self.workspace(Self.crop)
    for name in ["0", "1", "2", "plain"] { try workspace.addFile("in/\(name).txt", "0 0.4 0.45 0.3 0.25\n") }
    try workspace.addFile("in/data.yaml", "names: [cat]\n")
    try Self.augment("reduced", in: workspace)
    try Self.augment("exact", "--exact", in: workspace)
    let (reduced, exact) = (workspace.tree("reduced"), workspace.tree("exact"))
    let labels = exact.files.filter { $0.hasSuffix(".txt") }
    #expect(labels.count > 9 && labels.allSatisfy { reduced[$0] == exact[$0] })
    #expect(reduced["0_aug000000.png"] != exact["0_aug000000.png"])
  }
}
