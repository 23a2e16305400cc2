internal import Imaging

/// The reader of pipeline files, JSON and YAML: any text is a pipeline that can be written and read again, or a sentence.
enum PipelineTarget {
  static func run(_ bytes: [UInt8]) -> Bool {
    // As the reader of files, which refuses all else.
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { return false }
    for reading in [PipelineReading(), PipelineReading(skipsUnknown: true, choice: "train")] {
      do throws(PipelineError) {
        check(try Pipeline(text: text, file: "fuzz", reading: reading))
      } catch {
        promise("\(error)".contains("fuzz"), "an error without the name of its file: \(error)")
      }
    }
    return true
  }

  private static func check(_ pipeline: Pipeline) {
    let written = pipeline.serialized
    do throws(PipelineError) {
      let again = try Pipeline(text: written, file: "again")
      promise(again.serialized == written, "\(written) became \(again.serialized)")
    } catch {
      fatalError("\(error): \(written)")
    }
  }
}
