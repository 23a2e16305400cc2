internal import Datasets
package import Jobs

/// Does one task of a run in this process.
package enum OneTask {
  package static func run(_ run: JobRun<some Job>, task: Int) throws -> TaskReport {
    let runner = try TaskRunner(run, RunDescription.How(strategy: Sequential.self, ranks: 1))
    runner.begin(rank: 0)
    return runner.make(task)
  }
}
