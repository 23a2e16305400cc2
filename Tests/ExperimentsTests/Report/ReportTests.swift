import Experiments
import Foundation
import Platform
import Testing

/// The page made from a run.
struct ReportTests {
  private func page(_ study: MadeUpStudy, _ change: (RunFolder) throws -> Void = { _ in }) throws -> String {
    var text = ""
    try HandMade.withFolder { folder in
      try study.write(to: folder)
      try change(folder)
      let page = try ReportWriter(runs: [folder.path], into: folder.path).page(hasCharts: false)
      text = page.text
    }
    return text
  }

  @Test func pageHoldsEverySectionAndNeedsNoOtherFile() throws {
    let text = try page(MadeUpStudy())
    for part in [
      "The answers", "Execution time [s]", "What limits it", "Cost of saving", "Amdahl", "Universal Scalability Law",
      "Beside the original report", "To do it again", "too few points: 1 of at least 2 above one rank",
    ] { #expect(text.contains(part), "\(part)") }
    for foreign in ["http", "src=", "@import", "<script", "<link"] { #expect(!text.contains(foreign), "\(foreign)") }
  }

  @Test func sameRowsGiveTheSameBytes() throws {
    #expect(try page(MadeUpStudy()) == page(MadeUpStudy()))
  }

  @Test func textOfFilesIsNeverMarkup() throws {
    let hostile = "<script>alert('x')</script>&\"\u{1}"
    let text = try page(MadeUpStudy(strategies: [hostile], job: hostile)) { folder in
      try HandMade.write(hostile, to: folder.file(RunFolder.commandName))
    }
    #expect(!text.contains("<script"))
    #expect(text.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;\u{FFFD}"))
  }

  @Test func moreRanksThanCoresAreMarkedInEveryTableOfTimes() throws {
    let text = try page(MadeUpStudy())
    #expect(text.contains("<tr class=\"over\"><th scope=\"row\">8 *</th>"))
    #expect(text.contains("<tr><th scope=\"row\">2</th>"))
    #expect(!text.contains("<tr class=\"over\"><th scope=\"row\">2</th>"))
  }

  @Test func tagsArePairs() throws {
    let text = try page(MadeUpStudy())
    for tag in ["table", "tr", "td", "th", "section", "div", "ul", "li", "p", "h2", "h3", "main", "body", "html"] {
      let opened = text.components(separatedBy: "<\(tag)>").count + text.components(separatedBy: "<\(tag) ").count - 2
      #expect(opened == text.components(separatedBy: "</\(tag)>").count - 1, "\(tag)")
    }
  }

  @Test func incompleteRunIsSaidToBe() throws {
    let text = try page(MadeUpStudy()) { folder in
      let rows = try String(contentsOfFile: folder.file(RunFolder.rowsName), encoding: .utf8)
      try HandMade.write(String(rows.prefix(rows.count / 2)), to: folder.file(RunFolder.rowsName))
    }
    #expect(text.contains("This run is not complete"))
  }

  @Test(arguments: [MadeUpStudy(ranks: [1]), MadeUpStudy(ranks: [2, 4]), MadeUpStudy(savings: [.off], repetitions: 1)])
  func runThatLacksSomethingStillHasAPage(study: MadeUpStudy) throws {
    #expect(try page(study).contains("</html>"))
  }

  @Test func runWithoutRowsStillHasAPage() throws {
    let text = try page(MadeUpStudy()) { try HandMade.write("", to: $0.file(RunFolder.rowsName)) }
    #expect(text.contains("nothing to compare yet"))
  }

  @Test func predictionBecomesASectionThatSaysSimulated() throws {
    let text = try page(MadeUpStudy()) { folder in
      let prediction = Prediction(
        try Calibration(Study.load(folder.path)), on: .init(cores: 16), ranks: [16], strategies: [.adaptive])
      try HandMade.write(prediction.text, to: folder.file(Prediction.fileName))
    }
    #expect(text.contains("SIMULATED, on 16 cores"))
    #expect(
      text.contains("<tr class=\"simulated\"><th scope=\"row\" class=\"text\">adaptive</th>")
        || text.contains("class=\"simulated\""))
  }

  @Test(arguments: [(TimelineEntry.fileName, "a,b\n"), (Prediction.fileName, "nonsense\n")])
  func foreignFileInARunIsRefusedWithItsPath(name: String, text: String) throws {
    try HandMade.withFolder { folder in
      try MadeUpStudy().write(to: folder)
      try HandMade.write(text, to: folder.file(name))
      let error = #expect(throws: StudyError.self) { try ReportWriter(runs: [folder.path], into: folder.path) }
      #expect(error?.description.hasPrefix("\(folder.file(name)): ") == true)
    }
  }

  @Test(.enabled(if: Program.find("gnuplot") != nil, "gnuplot is not installed"))
  func gnuplotDrawsEveryChartTheSameEachTime() throws {
    try HandMade.withFolder { folder in
      try MadeUpStudy(strategies: ["savers", "it's \"<b>\" $d0 \\"]).write(to: folder)
      try HandMade.write(
        "\(TimelineEntry.header)\nsavers,2,0,decode,0,0.0,0.5\nsavers,2,1,write,0,0.5,0.75\n",
        to: folder.file(TimelineEntry.fileName))
      let writer = try ReportWriter(runs: [folder.path], into: folder.path)
      let (first, second) = (writer.page(hasCharts: true), writer.page(hasCharts: true))
      #expect(first.text == second.text && first.problems.isEmpty, "\(first.problems)")
      // Four charts and the stages for each kind of saving, and one timeline.
      #expect(first.text.components(separatedBy: "<svg").count - 1 == 11)
      #expect(!first.text.contains("<b>") && !first.text.contains("<use"))
    }
  }
}
