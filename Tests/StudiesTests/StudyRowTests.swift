import Strategies
import Studies
import Testing

/// The lines of `runs.csv`.
struct StudyRowTests {
  private var row: StudyRow {
    var measurement = Measurement()
    (measurement.wallSeconds, measurement.userSeconds, measurement.systemSeconds) = (1.5, 2.25, 0.125)
    (measurement.peakMemorySummedBytes, measurement.peakMemoryLargestBytes) = (50_000_000, 30_000_000)
    (measurement.readBytes, measurement.writtenBytes) = (1234, 5678)
    for (index, stage) in Stage.allCases.enumerated() { measurement.stages[stage] = Double(index + 1) / 4 }
    (measurement.voluntarySwitches, measurement.involuntarySwitches) = (11, 12)
    (measurement.minorFaults, measurement.majorFaults) = (13, 14)
    (measurement.frequencyMegahertz, measurement.temperatureCelsius) = (2596, 61.5)
    return StudyRow(
      configuration: MadeUpStudy.configuration("worker-reads", 3), workers: 2, savers: 1, repetition: 7,
      measurement: measurement)
  }

  @Test func headerIsTheOneThatOthersRead() {
    #expect(
      StudyRow.header
        == "job,strategy,ranks,workers,savers,saving,widthPixels,heightPixels,images,copies,repetition,wallSeconds,"
        + "userSeconds,systemSeconds,peakMemorySummedBytes,peakMemoryLargestBytes,readBytes,writtenBytes,readSeconds,"
        + "decodeSeconds,transformSeconds,encodeSeconds,writeSeconds,waitSeconds,voluntarySwitches,"
        + "involuntarySwitches,minorFaults,majorFaults,frequencyMegahertz,temperatureCelsius")
  }

  @Test func lineHasAFieldForEachColumnInItsPlace() {
    #expect(
      row.line
        == "augment,worker-reads,3,2,1,on,200,100,2,5,7,1.500000,2.250000,0.125000,50000000,30000000,1234,5678,"
        + "0.250000,0.500000,0.750000,1.000000,1.250000,1.500000,11,12,13,14,2596,61.5")
  }

  @Test func rowIsReadAsItWasWritten() {
    #expect(StudyRow(line: row.line) == row)
    var other = row
    (other.configuration.saving, other.configuration.widthPixels, other.configuration.heightPixels) = (.off, 0, 0)
    (other.measurement.frequencyMegahertz, other.measurement.temperatureCelsius) = (nil, nil)
    #expect(other.line.hasSuffix(",14,,"))
    #expect(StudyRow(line: other.line) == other)
  }

  /// As the first runs were kept.
  @Test func fileWithoutTheLatestColumnsIsReadWithoutTheirNumbers() throws {
    var earlier = row
    (earlier.measurement.frequencyMegahertz, earlier.measurement.temperatureCelsius) = (nil, nil)
    let header = try #require(StudyRow.header.split(separator: ",frequency").first)
    #expect(try StudyRow.rows(text: "\(header)\n\(earlier.line.dropLast(2))\n", path: "runs.csv") == [earlier])
    let between = "\(header),frequencyMegahertz"
    #expect(StudyRow.columns(under: between)?.count == StudyRow.columns.count - 1)
    for other in ["\(header.dropLast(1))", "\(header),temperatureCelsius", "\(StudyRow.header),more", ""] {
      #expect(StudyRow.columns(under: other) == nil, "\(other)")
    }
    // Each line has the columns of its header.
    #expect(throws: StudyError.self) { try StudyRow.rows(text: "\(header)\n\(row.line)\n", path: "runs.csv") }
  }

  @Test func beginningOfALineIsNoRow() {
    let line = row.line
    // The last column is a number: cut short, it is another one, so only the line end shows that a line is whole.
    for length in 0..<line.count - 4 { #expect(StudyRow(line: line.prefix(length)) == nil) }
  }

  @Test(arguments: [
    ("3", "0"), ("3", "-1"), ("3", "x"), ("on", "yes"), ("1.500000", "nan"), ("1.500000", "-1"), ("1.500000", "inf"),
    ("1.500000", "1e300"), (",7,", ",0,"), (",14", ",14,15"), (",14", ""),
  ])
  func fieldThatCannotBeIsNoRow(field: String, replacement: String) throws {
    let line = row.line
    let place = try #require(line.firstRange(of: field))
    #expect(StudyRow(line: line.replacingCharacters(in: place, with: replacement)) == nil)
  }

  @Test(arguments: ["=1+1", "+a", "-a", "@a", "a,b", "a\"b", "\"", "=\"a\",b", "é", "'=a", "''-a", "'a", "'"])
  func textThatASpreadsheetWouldObeyIsEscapedAndReadBack(text: String) {
    var hostile = row
    hostile.configuration.strategy = text
    #expect(!["=", "+", "-", "@"].contains { hostile.line.contains(",\($0)") })
    #expect(StudyRow(line: hostile.line) == hostile)
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
