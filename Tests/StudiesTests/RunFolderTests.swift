import Foundation
import Studies
import Testing

struct RunFolderTests {
  private let rows = MadeUpStudy.rows(MadeUpStudy.configuration("worker-reads", 2), [1, 2, 3])

  private var text: String { StudyRow.text(rows) }

  @Test func rowsAreThoseOfTheFile() throws {
    try RunFolder.temporary { folder in
      #expect(try folder.rows().isEmpty)
      try folder.write(text, to: RunFolder.rowsName)
      #expect(try folder.rows() == rows)
    }
  }

  @Test func fileThatEndsAnywhereGivesItsWholeLines() throws {
    try RunFolder.temporary { folder in
      for length in stride(from: 0, through: text.count, by: 7) {
        let torn = String(text.prefix(length))
        try folder.write(torn, to: RunFolder.rowsName)
        #expect(try folder.rows().count == max(0, torn.filter { $0 == "\n" }.count - 1))
      }
    }
  }

  @Test func lineThatIsNoRowIsNamed() throws {
    try RunFolder.temporary { folder in
      try folder.write("\(text)augment,worker\n\(rows[0].line)\n", to: RunFolder.rowsName)
      #expect(throws: StudyError("\(folder.file("runs.csv")): line 5 is not a row of a study")) { try folder.rows() }
    }
  }

  @Test func fileOfOtherRowsIsRefused() throws {
    try RunFolder.temporary { folder in
      try folder.write("implementation,input\na,b\n", to: RunFolder.rowsName)
      #expect(throws: StudyError("\(folder.file("runs.csv")): the first line is not that of a study's rows")) {
        try folder.rows()
      }
    }
  }

  @Test func folderWithoutARunIsRefused() throws {
    try RunFolder.temporary { folder in
      #expect(throws: StudyError("\(folder.path): not a run of a study: there is no study.json")) {
        try Study.load(folder.path)
      }
      try folder.write("{\"study\": \"strong\"}", to: RunFolder.descriptionName)
      #expect(throws: StudyError.self) { try Study.load(folder.path) }
      try folder.write("no JSON", to: RunFolder.descriptionName)
      #expect(throws: StudyError("\(folder.file("study.json")): not a valid file of a study (not JSON)")) {
        try Study.load(folder.path)
      }
    }
  }

  @Test func writeBandwidthHasTheKeyOfEarlierRuns() throws {
    var description = MadeUpStudy.description(.strong, [])
    description.writeMegabytesPerSecond = 0.5
    let text = String(decoding: try JSONEncoder().encode(description), as: UTF8.self)
    #expect(text.contains("\"writeBandwidthMegabytesPerSecond\":0.5"))
  }

  /// Older versions wrote the runs that the repository keeps.
  @Test func everyKeptRunStillHasAPageWithASpeedupForEachConfiguration() throws {
    let results = URL(filePath: #filePath).appending(path: "../../../results").standardizedFileURL
    let runs = try FileManager.default.subpathsOfDirectory(atPath: results.path)
      .filter { $0.hasSuffix("/\(RunFolder.descriptionName)") }
    try #require(!runs.isEmpty)
    for run in runs {
      let folder = results.appending(path: run).deletingLastPathComponent().path
      let analysis = Analysis(try Study.load(folder))
      #expect(!analysis.summaries.isEmpty && analysis.summaries.allSatisfy { analysis.speedup($0) != nil }, "\(run)")
      #expect(try ReportWriter(runs: [folder], into: folder).page(hasCharts: false).text.contains("</html>"))
    }
  }
}
