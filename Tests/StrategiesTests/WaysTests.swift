import ArgumentParser
import Datasets
import Imaging
import Jobs
import Strategies
import Testing

/// The ways of the original study of object detection.
struct WaysTests {
  /// ⌈n / (ranks · 25)⌉, as in the report's listing.
  @Test(arguments: [
    (1, 1, 2, 1), (50, 1, 2, 1), (51, 1, 2, 2), (1000, 1, 4, 10), (10, 100, 12, 4), (0, 1, 3, 1), (10_000, 1, 1, 400),
  ])
  func executorHasTheChunksOfTheReport(images: Int, copies: Int, ranks: Int, chunkSize: Int) {
    let how = RunDescription.How(strategy: Executor.self, ranks: ranks)
    #expect(Executor.chunkSize(madeUpGrid(images: images, copies: copies), how) == chunkSize)
  }

  @Test func aChunkSizeThatIsAskedForGoesBeforeThatOfTheReport() {
    var how = RunDescription.How(strategy: Executor.self, ranks: 2)
    how.chunkSize = 7
    #expect(Executor.chunkSize(madeUpGrid(images: 1000, copies: 1), how) == 7)
  }

  /// A chunk that ends amid the copies of an image has it decoded twice.
  @Test func executorDecodesAnImageForEachOfItsChunks() throws {
    var costs = WorkCosts()
    (costs.decodeSeconds, costs.transformSeconds) = (1, 0.001)
    let scene = SimulatedScene(images: 1, copies: 50, costs: costs, isSaving: true)
    let machine = SimulatedMachine(cores: 2)
    #expect(try SimulatedRun(Executor.self, scene, ranks: 2, on: machine).tally.loads == 2)
    #expect(try SimulatedRun(Threads.self, scene, ranks: 2, on: machine).tally.loads <= 2)
  }

  @Test func aJobThatTheProgramDoesNotKnowIsNotSpawned() throws {
    for job in JobCatalog.all { #expect(Spawn.refusal(of: job) == nil) }
    let refusal = try #require(Spawn.refusal(of: Unlisted.self))
    #expect(refusal == "the strategy spawn runs the program again, which knows no job called augment twice")
    #expect(Threads.refusal(of: Unlisted.self) == nil && Executor.refusal(of: Unlisted.self) == nil)
  }
}

/// A job that is not in the catalogue.
private struct Unlisted: Job {
  typealias Options = Augment.Options
  typealias Flags = Augment.Flags

  static let name = "augment twice"
  static let (abstract, discussion, defaultName) = ("", "", "{stem}")

  static func studyOptions(copies: Int?, seed: UInt64) -> Options? { nil }

  let options: Options
  init(_ options: Options) { self.options = options }

  var outputsPerSource: Int { 1 }

  func output(_ number: Int, of source: InputImage, _ names: OutputNames) -> OutputName {
    names.name(of: source, copy: number)
  }

  func makeWorker() -> AugmentWorker { Augment(options).makeWorker() }
}
