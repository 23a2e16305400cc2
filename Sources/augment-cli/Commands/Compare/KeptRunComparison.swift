internal import Studies

/// `compare` with two runs: the configurations that both have, side by side.
struct KeptRunComparison {
  private let comparison: RunComparison

  init(_ first: KeptRun, _ second: KeptRun) { comparison = RunComparison(first.study, second.study) }

  func print() throws(Failure) { try Terminal.print(comparison.text) }
}
