import Imaging
import TestSupport
import Testing

/// Files that people have, which lie beside the package.
struct RealPipelineFileTests {
  /// These name functions and classes that no file can hold.
  private static let withForeignCode = ["63-ignite-voc.json", "lambda.json", "custom.json"]

  @Test(.enabled(if: SharedData.pipelines != nil, "no pipelines beside the package"))
  func pipelinesOfPublicRepositoriesAreRead() throws {
    let folder = try #require(SharedData.pipelines)
    let files = SharedData.files(in: folder).filter { $0.hasSuffix(".json") }
    #expect(files.count > 30)
    for file in files { check(file, in: folder) }
  }

  @Test(.enabled(if: SharedData.pipelineFiles != nil, "no pipeline files beside the package"))
  func filesOfManyVersionsAndToolsAreRead() throws {
    let folder = try #require(SharedData.pipelineFiles)
    let files = SharedData.files(in: folder)
    #expect(files.count > 20)
    for file in files where file != "train-val.json" { check(file, in: folder) }
    for name in ["train", "val"] { check("train-val.json:\(name)", in: folder) }
  }

  private func check(_ file: String, in folder: String) {
    do throws(PipelineError) {
      let pipeline = try Pipeline(file: "\(folder)/\(file)", skipsUnknown: Self.withForeignCode.contains(file))
      let again = try Pipeline(text: pipeline.serialized, file: "again")
      #expect(again.serialized == pipeline.serialized, "\(file)")
    } catch {
      Issue.record("\(error)")
    }
  }
}
