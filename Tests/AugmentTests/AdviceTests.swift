import Foundation
import Imaging
import Testing

/// A remedy that an error message names works.
struct AdviceTests {
  struct Trial: Sendable, CustomTestStringConvertible {
    var files: [String]
    var options: [String]
    var advice: String
    /// Options that follow the advice.
    var remedy: [String]

    var testDescription: String { advice }
  }

  private static let trials = [
    Trial(
      files: ["a.jpg", "a.png"], options: ["--format", "png"], advice: "give --format keep",
      remedy: ["--format", "keep"]),
    Trial(
      files: ["a.jpg", "b.jpg"], options: ["--name", "img{copy:06}"],
      advice: "choose a --name with a separator between {stem} and {copy}", remedy: ["--name", "{stem}-{copy}"]),
    Trial(
      files: ["a.jpg", "a1.jpg"], options: ["--name", "{stem}{copy}", "--copies", "12"],
      advice: "choose a --name with a separator between {stem} and {copy}",
      remedy: ["--name", "{stem}-{copy}", "--copies", "12"]),
    Trial(
      files: ["a.jpg"], options: ["--name", "{stem}"], advice: "choose a --name that contains {copy}",
      remedy: ["--name", "{stem}_{copy}"]),
  ]

  @Test(arguments: trials) func theRemedyForNamesThatMeetWorks(trial: Trial) throws {
    let workspace = try Workspace()
    for (index, file) in trial.files.enumerated() {
      try workspace.addImage("in/\(file)", as: file.hasSuffix("png") ? .png : .jpeg, seed: index, width: 20, height: 16)
    }
    let refused = try Program.run(["augment", "in", "out"] + trial.options, in: workspace)
    #expect(refused.status == 2 && refused.errorText.contains(trial.advice), "\(refused.errorText)")
    let advised = try Program.run(["augment", "in", "out"] + trial.remedy, in: workspace)
    #expect(advised.status == 0, "\(advised.errorText)")
  }

  @Test func theRemedyForAnOutputThatIsNotEmptyWorks() throws {
    let workspace = try Workspace(images: 1)
    try workspace.addFile("out/note.txt", "kept")
    let refused = try Program.run(["augment", "in", "out"], in: workspace)
    #expect(refused.status == 2 && refused.errorText.contains("give --overwrite"))
    try Program.augment("in", "out", "--overwrite", in: workspace)
    #expect(workspace.contents("out/note.txt") == Data("kept".utf8))
  }
}
