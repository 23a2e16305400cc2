package import Platform

/// Gathers what the files of the whole set say about each output, and writes them in the end.
///
/// The main process owns it. Records wait on the disk, 16 bytes of memory each, and come back in the order of the
/// outputs, however the run has ordered its work.
package final class LabelCollector {
  private let plan: Plan
  private let labels: DatasetPlan
  private let output: OutputFolder
  /// Where the record of each output lies; `nil`: there is none.
  private var places: [Range<Int>?]
  private var scratch: ScratchFile?
  private var failure: FileError?
  /// The files that `finish` has written, relative to the output folder.
  package private(set) var files: [String] = []

  /// - Returns: `nil` if the run writes no labels.
  package init?(_ plan: Plan) {
    guard let labels = plan.labels, let output = plan.output else { return nil }
    (self.plan, self.labels, self.output) = (plan, labels, output)
    places = Array(repeating: nil, count: plan.images.count * plan.tasksPerImage)
  }

  /// Adds an output that is there.
  /// - Parameter number: in the whole plan.
  package func add(_ number: Int, record: [[UInt8]]) throws(FileError) {
    guard !record.isEmpty else {
      places[number] = 0..<0
      return
    }
    if scratch == nil { scratch = try output.makeScratchFile() }
    var bytes: [UInt8] = []
    for fragment in record {
      for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: fragment.count >> shift)) }
      bytes += fragment
    }
    guard let offset = try scratch?.append(bytes) else { return }
    places[number] = offset..<offset + bytes.count
  }

  /// Writes the files of the whole set, about all outputs that were added.
  package func finish() throws {
    let sink = ListingSink(output: output)
    try labels.writer.writeSetFiles(WrittenOutputs(collector: self), to: sink)
    if let failure { throw failure }
    files = sink.files
  }

  /// Remembers what it writes.
  private final class ListingSink: LabelSink {
    private let output: OutputFolder
    private(set) var files: [String] = []

    init(output: OutputFolder) { self.output = output }

    func write(_ path: String, _ body: (_ append: ([UInt8]) throws -> Void) throws -> Void) throws {
      try output.write(path, body)
      files.append(path)
    }
  }

  /// The outputs in the order of their numbers.
  private struct WrittenOutputs: Sequence {
    let collector: LabelCollector

    func makeIterator() -> AnyIterator<WrittenLabels> {
      var number = 0
      return AnyIterator {
        while number < collector.places.count {
          defer { number += 1 }
          if let output = collector.written(number) { return output }
        }
        return nil
      }
    }
  }

  private func written(_ number: Int) -> WrittenLabels? {
    guard failure == nil, let place = places[number], let output = plan.output(numbered: number) else { return nil }
    do throws(FileError) {
      let bytes = place.isEmpty ? [] : try scratch?.read(at: place.lowerBound, count: place.count) ?? []
      return WrittenLabels(
        path: output.path, memberships: labels.memberships(of: output.imageIndex), record: Self.fragments(bytes))
    } catch {
      failure = error
      return nil
    }
  }

  private static func fragments(_ bytes: [UInt8]) -> [[UInt8]] {
    var (fragments, place) = ([[UInt8]](), 0)
    while place < bytes.count {
      let count = (0..<8).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
      fragments.append(Array(bytes[place + 8..<place + 8 + count]))
      place += 8 + count
    }
    return fragments
  }
}
