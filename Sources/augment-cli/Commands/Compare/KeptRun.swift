internal import Studies

/// `compare` with one run: prints its tables again.
struct KeptRun {
  let study: Study

  init(_ folder: String) throws(Failure) {
    study = try Failure.asFailure { () throws(StudyError) in try Study.load(folder) }
  }

  func print() throws(Failure) { try Terminal.print(study.text) }
}
