import Datasets
import Foundation
import Imaging
import Jobs
import ProcPool
import Strategies
import Testing

/// The description of a run, as it is stored.
struct RunDescriptionTests {
  @Test func everyJobComesBackFromItsDescription() throws {
    for type in JobCatalog.all {
      let description = try description(of: type)
      let data = try encoder.encode(description)
      let back = try JSONDecoder().decode(RunDescription.self, from: data)
      #expect(try encoder.encode(back) == data)
      #expect(Swift.type(of: back.what.job).name == type.name)
    }
  }

  @Test func thePipelineAndTheSeedArePartOfWhatIsMade() throws {
    var options = Augment.Options()
    let plain = try encoder.encode(what(Augment(options)))
    options.seed = 1
    let seeded = try encoder.encode(what(Augment(options)))
    options.pipeline = Pipeline(.compose([.transform(HorizontalFlip(), p: 0.25)]))
    let changed = try encoder.encode(what(Augment(options)))
    #expect(Set([plain, seeded, changed]).count == 3)
    let back = try JSONDecoder().decode(RunDescription.What.self, from: changed)
    #expect((back.job as? Augment)?.options == options)
  }

  @Test func placementsAreKeptByNameOrAsLists() throws {
    for placement in [Placement.none, .close, .spread, .processors([[0, 1], [2]])] {
      let data = try encoder.encode(placement)
      #expect(try JSONDecoder().decode(Placement.self, from: data) == placement)
    }
    #expect(String(decoding: try encoder.encode(Placement.spread), as: UTF8.self) == "\"spread\"")
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Placement.self, from: Data("\"far\"".utf8)) }
  }

  @Test func aJobThatThereIsNotIsNamed() throws {
    let text = #"{"job": "dream", "options": {}, "names": {"template": "{stem}"}, "files": {}}"#
    do {
      _ = try JSONDecoder().decode(RunDescription.What.self, from: Data(text.utf8))
      Issue.record("it was read")
    } catch DecodingError.dataCorrupted(let context) {
      #expect(context.debugDescription == "there is no job dream")
    }
  }

  private func description<Work: Job>(of type: Work.Type) throws -> RunDescription {
    let options = try #require(Work.studyOptions(copies: nil, seed: 7))
    var how = RunDescription.How(strategy: Savers.self, ranks: 4)
    (how.savers, how.placement, how.writeMegabytesPerSecond) = (2, .spread, 1.5)
    return RunDescription(try what(Work(options)), how)
  }

  private func what(_ job: some Job) throws -> RunDescription.What {
    RunDescription.What(job, OutputNames(try NameTemplate("{stem}_{copy:03}"), format: .image(.png)))
  }

  private var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return encoder
  }
}
