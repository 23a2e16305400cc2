internal import Platform
internal import SystemPackage

/// The output folder of a cluster bench: the rows as they arrive, then the tables derived from them.
package struct ClusterBenchFolder {
  package let path: String
  private let files: RunFolder
  private var timings: [ClusterTiming] = []

  /// Makes the folder and writes `machine.json` and `command.txt`.
  package init(_ path: String, command: String) throws(StudyError) {
    (self.path, files) = (path, RunFolder(path))
    guard !files.holdsRun else {
      var error = StudyError("\(path) holds a run already")
      error.keptRun = .ofAnotherPlan
      throw error
    }
    try StudyError.wrapping { () throws(FileError) in try Folder.working.makeFolder(FilePath(text: path)) }
    try files.write(MachineProbe.facts(folder: path), RunFolder.machineName)
    try files.replace(RunFolder.commandName, with: "\(command)\n")
  }

  /// Adds a timing and rewrites `runs.csv`.
  package mutating func add(_ timing: ClusterTiming) throws(StudyError) {
    timings.append(timing)
    let header = ClusterTiming.columns.map(\.name).joined(separator: ",")
    let lines = timings.map { timing in ClusterTiming.columns.map { $0.field(timing) }.joined(separator: ",") }
    try files.replace(RunFolder.rowsName, with: ([header] + lines).map { "\($0)\n" }.joined())
  }

  /// Writes the tables, as `table.csv` and for people as `summary.md`.
  package func finish() throws(StudyError) -> ClusterTable {
    let table = ClusterTable(timings, cores: Cores.available)
    try files.replace("table.csv", with: table.csv)
    let tables = table.tables.map { "## \($0.caption)\n\n\($0.markdown)\n" }.joined()
    let head = "# K-means\n\nSeconds of one quantisation: mean and sample standard deviation of the runs.\n\n"
    try files.replace("summary.md", with: head + tables + table.remarks)
    return table
  }
}

extension ClusterTiming {
  fileprivate static var columns: [Column<ClusterTiming>] {
    [
      Column("image", \.image), Column("widthPixels", \.widthPixels), Column("heightPixels", \.heightPixels),
      Column("way", \.cell.way), Column("colors", \.cell.colors), Column("threads", \.cell.threads),
      .words("padded") { $0.isPadded ? "yes" : "no" }, Column("run", \.run), Column("seconds", \.seconds),
      Column("iterations", \.iterations), Column("inertia", text: { "\($0.inertia)" }),
    ]
  }
}
