import Foundation
import Platform
import Strategies
import Studies
import Testing

/// The report page of a run.
struct ReportTests {
  private func page(_ study: MadeUpStudy, _ change: (RunFolder) throws -> Void = { _ in }) throws -> String {
    var text = ""
    try RunFolder.temporary { folder in
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
      "Compared with the original study", "To reproduce it", "too few points: 1 of at least 2 above one rank",
    ] { #expect(text.contains(part), "\(part)") }
    for foreign in ["http", "src=", "@import", "<script", "<link"] { #expect(!text.contains(foreign), "\(foreign)") }
  }

  @Test func runsOfOtherJobsThanTheUsualAreNamedInTheirTitle() throws {
    let title = "Strong scaling: the same work on more and more ranks"
    #expect(try page(MadeUpStudy(job: "quantize")).contains("\(title) (quantize)</h2>"))
    #expect(try page(MadeUpStudy()).contains("\(title)</h2>"))
  }

  /// A fit needs two points above one rank; the serial fraction of one point is told in any case.
  @Test func serialFractionAndItsCeilingAreToldOfASinglePoint() throws {
    let rows =
      MadeUpStudy.rows(MadeUpStudy.configuration("sequential", 1), [104.15])
      + MadeUpStudy.rows(MadeUpStudy.configuration("worker-reads", 8), [104.15 / 4.52])
    var text = ""
    try RunFolder.temporary { folder in
      let study = MadeUpStudy.study(.strong, rows)
      try folder.write(StudyRow.text(study.rows), to: RunFolder.rowsName)
      let description = try JSONEncoder().encode(study.description)
      try folder.write(String(decoding: description, as: UTF8.self), to: RunFolder.descriptionName)
      text = try ReportWriter(runs: [folder.path], into: folder.path).page(hasCharts: false).text
    }
    #expect(text.contains("<td>0.110 (9.09×)</td>"), "\(text)")
  }

  @Test func textOfFilesIsNeverMarkup() throws {
    let hostile = "<script>alert('x')</script>&\"\u{1}"
    let text = try page(MadeUpStudy(strategies: [hostile], job: hostile)) { folder in
      try folder.write(hostile, to: RunFolder.commandName)
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
      try folder.write(String(rows.prefix(rows.count / 2)), to: RunFolder.rowsName)
    }
    #expect(text.contains("This run is not complete"))
  }

  @Test(arguments: [MadeUpStudy(ranks: [1]), MadeUpStudy(ranks: [2, 4]), MadeUpStudy(savings: [.off], repetitions: 1)])
  func runThatLacksSomethingStillHasAPage(study: MadeUpStudy) throws {
    #expect(try page(study).contains("</html>"))
  }

  @Test func runWithoutRowsStillHasAPage() throws {
    let text = try page(MadeUpStudy()) { try $0.write("", to: RunFolder.rowsName) }
    #expect(text.contains("nothing to compare yet"))
  }

  @Test func predictionBecomesASectionThatSaysSimulated() throws {
    let text = try page(MadeUpStudy()) { folder in
      let prediction = try Prediction(
        Calibration(Study.load(folder.path)), on: .init(cores: 16), ranks: [16], strategies: [Adaptive.self])
      try folder.write(prediction.text, to: Prediction.fileName)
    }
    #expect(text.contains("SIMULATED, on 16 cores"))
    #expect(text.contains("<tr class=\"simulated\"><th scope=\"row\">adaptive</th>"))
    #expect(text.components(separatedBy: "class=\"simulated\"").count - 1 == 2, "one line for each kind of saving")
  }

  @Test func predictionForNodesBecomesASectionThatSaysSimulated() throws {
    let text = try page(MadeUpStudy()) { folder in
      let prediction = try NodePrediction(
        Calibration(Study.load(folder.path)), on: .init(images: 1000, shards: 100), nodes: [1, 8], measured: [])
      try folder.write(prediction.text, to: NodePrediction.fileName)
    }
    #expect(text.contains("SIMULATED, 1000 images on nodes of 1 core"))
    #expect(text.components(separatedBy: "class=\"simulated\"").count - 1 == 2)
  }

  @Test func runThatBeganOnABusyMachineSaysSo() throws {
    func page(load: Double) throws -> String {
      try self.page(MadeUpStudy()) { folder in
        try folder.write(
          """
          {"machine": "m", "cpuModel": "c", "cores": 2, "physicalCores": 2, "caches": [], "memoryBytes": 1, "kernel": "6",
          "system": "s", "fileSystem": "f", "loadAverageBefore": 0, "loadAverage": \(load), "date": "d", "commit": "c",
          "versions": {}}
          """, to: RunFolder.machineName)
      }
    }
    #expect(try page(load: 1.5).contains("The machine was busy when this run began: its load was 1.50 on 2 cores."))
    #expect(try !page(load: 0.3).contains("The machine was busy"))
  }

  @Test func longRunHasAShortPage() throws {
    let stages: [Stage] = [.read, .decode, .transform, .encode, .write]
    let entries = (0..<20_000).map { index in
      let begin = Double(index) * 0.001
      return TimelineEntry(
        strategy: "savers", ranks: 2, rank: 0, stage: stages[index % 5], task: index / 5, beginSeconds: begin,
        endSeconds: begin + 0.0002 * Double(1 + index % 5))
    }
    let thinned = entries.thinned(to: 0.04)
    #expect(thinned.count < 1000)
    for stage in stages {
      func seconds(_ entries: [TimelineEntry]) -> Double {
        entries.filter { $0.stage == stage }.reduce(0) { $0 + $1.seconds }
      }
      #expect((seconds(thinned) - seconds(entries)).magnitude < 1e-6, "\(stage)")
    }
    for (entry, next) in zip(thinned, thinned.dropFirst()) {
      #expect(entry.endSeconds <= next.beginSeconds + 1e-9)
    }
  }

  @Test func stageThatCanBeSeenStaysWhereItWas() {
    let long = TimelineEntry(
      strategy: "savers", ranks: 2, rank: 1, stage: .write, task: 0, beginSeconds: 1, endSeconds: 2)
    var short = long
    (short.stage, short.beginSeconds, short.endSeconds) = (.encode, 0.9, 0.99)
    #expect([long, short].thinned(to: 0.5) == [short, long])
  }

  @Test(arguments: [
    (TimelineEntry.fileName, "a,b\n"), (Prediction.fileName, "nonsense\n"),
    (NodePrediction.fileName, "nonsense\n"),
  ])
  func foreignFileInARunIsRefusedWithItsPath(name: String, text: String) throws {
    try RunFolder.temporary { folder in
      try MadeUpStudy().write(to: folder)
      try folder.write(text, to: name)
      let error = #expect(throws: StudyError.self) { try ReportWriter(runs: [folder.path], into: folder.path) }
      #expect(error?.description.hasPrefix("\(folder.file(name)): ") == true)
    }
  }

  @Test(.enabled(if: Program.find("gnuplot") != nil, "gnuplot is not installed"))
  func gnuplotDrawsEveryChartTheSameEachTime() throws {
    try RunFolder.temporary { folder in
      try MadeUpStudy(strategies: ["savers", "it's \"<b>\" $d0 \\"]).write(to: folder)
      try folder.write(
        "\(TimelineEntry.header)\nsavers,2,0,decode,0,0.0,0.5\nsavers,2,1,write,0,0.5,0.75\n",
        to: TimelineEntry.fileName)
      let writer = try ReportWriter(runs: [folder.path], into: folder.path)
      let (first, second) = (writer.page(hasCharts: true), writer.page(hasCharts: true))
      #expect(first.text == second.text && first.problems.isEmpty, "\(first.problems)")
      // Four charts and the stages for each kind of saving, and one timeline.
      #expect(first.text.components(separatedBy: "<svg").count - 1 == 11)
      #expect(!first.text.contains("<b>") && !first.text.contains("<use"))
    }
  }
}
