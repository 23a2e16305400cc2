import Jobs
import Strategies
import Testing

/// Which strategies a job has.
struct StrategyCatalogTests {
  @Test func everyJobHasTheStrategiesThatDoNotRefuseIt() {
    for job in JobCatalog.all {
      let names = StrategyCatalog.strategies(for: job).map { $0.name }
      #expect(names.first == Sequential.name, "\(job.name)")
      for strategy in StrategyCatalog.all {
        let refusal = strategy.refusal(of: job)
        #expect((refusal == nil) == names.contains(strategy.name), "\(strategy.name) and \(job.name)")
        #expect(refusal.map { $0.contains(strategy.name) && $0.contains(job.name) } ?? true, "\(refusal ?? "")")
      }
    }
  }

  @Test func onlyAJobThatCanBeDividedIsDivided() {
    for strategy in [SplitThreads.self, SplitRanks.self] as [any Strategy.Type] {
      for job in JobCatalog.all {
        #expect((strategy.refusal(of: job) == nil) == (job is any DivisibleJob.Type), "\(strategy.name), \(job.name)")
      }
    }
    #expect(JobCatalog.all.contains { $0 is any DivisibleJob.Type })
  }

  @Test func aStrategyIsSimulatedUnlessItsRanksShareATask() {
    let others = StrategyCatalog.all.map { $0.name }.filter { name in
      !StrategyCatalog.simulated.contains { $0.name == name }
    }
    #expect(others == [SplitThreads.name, SplitRanks.name])
  }

  @Test func theWaysOfAWorkloadAreTheStrategiesOfItsJob() {
    for job in JobCatalog.all {
      #expect(
        WorkloadCatalog.type(named: job.name)?.ways.map(\.name)
          == StrategyCatalog.strategies(for: job).map { $0.name })
    }
  }
}
