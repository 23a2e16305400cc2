import Experiments
import Testing

/// The folder of a kept run.
struct RunFolderTests {
  private let rows = HandMade.rows(HandMade.cell("worker-reads", 2), [1, 2, 3])

  private var text: String { ([StudyRow.header] + rows.map(\.line)).map { "\($0)\n" }.joined() }

  @Test func rowsAreThoseOfTheFile() throws {
    try HandMade.withFolder { folder in
      #expect(try folder.rows().isEmpty)
      try HandMade.write(text, to: folder.file(RunFolder.rowsName))
      #expect(try folder.rows() == rows)
    }
  }

  @Test func fileThatEndsAnywhereGivesItsWholeLines() throws {
    try HandMade.withFolder { folder in
      for length in stride(from: 0, through: text.count, by: 7) {
        let torn = String(text.prefix(length))
        try HandMade.write(torn, to: folder.file(RunFolder.rowsName))
        #expect(try folder.rows().count == max(0, torn.filter { $0 == "\n" }.count - 1))
      }
    }
  }

  @Test func lineThatIsNoRowIsNamed() throws {
    try HandMade.withFolder { folder in
      try HandMade.write("\(text)augment,worker\n\(rows[0].line)\n", to: folder.file(RunFolder.rowsName))
      #expect(throws: StudyError("\(folder.file("runs.csv")): line 5 is no row of a study")) { try folder.rows() }
    }
  }

  @Test func fileOfOtherRowsIsRefused() throws {
    try HandMade.withFolder { folder in
      try HandMade.write("implementation,input\na,b\n", to: folder.file(RunFolder.rowsName))
      #expect(throws: StudyError("\(folder.file("runs.csv")): the first line is not that of a study's rows")) {
        try folder.rows()
      }
    }
  }

  @Test func folderWithoutARunIsRefused() throws {
    try HandMade.withFolder { folder in
      #expect(throws: StudyError("\(folder.path): no run of a study lies here, as there is no study.json")) {
        try Study.load(folder.path)
      }
      try HandMade.write("{\"study\": \"strong\"}", to: folder.file(RunFolder.descriptionName))
      #expect(throws: StudyError.self) { try Study.load(folder.path) }
      try HandMade.write("no JSON", to: folder.file(RunFolder.descriptionName))
      #expect(throws: StudyError("\(folder.file("study.json")): not as a study writes it (no JSON)")) {
        try Study.load(folder.path)
      }
    }
  }
}
