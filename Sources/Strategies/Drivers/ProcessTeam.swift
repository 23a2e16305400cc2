package import Imaging
internal import Jobs
package import ProcPool

/// Processes that do the parts of a quantisation, in memory that they all see.
///
/// A process that dies is replaced, and its part is done again. Invariant: `memory` lies in `mapping`, which lives as
/// long as this object and its processes.
package final class ProcessTeam: QuantizerTeam {
  /// A part of a step, as it is sent to a process.
  private struct Part: Codable, BitwiseCopyable {
    private var rawStep: UInt8
    var number: Int

    init(_ step: QuantizeStep, number: Int) { (rawStep, self.number) = (step.rawValue, number) }

    var step: QuantizeStep {
      guard let step = QuantizeStep(rawValue: rawStep) else { preconditionFailure("a message is as it was sent") }
      return step
    }
  }

  package let count: Int
  /// Most pixels of an image that the memory has room for.
  package let pixelCount: Int
  package let memory: QuantizerMemory
  private let mapping: SharedMapping
  private let pool: Pool<Part, UInt8>
  /// Why the processes can do nothing more: a stop signal, for example.
  package private(set) var failure: PoolError?

  /// Starts the processes. The calling process must have one thread.
  package init(pixelCount: Int, _ options: PoolOptions) throws {
    (self.pixelCount, count) = (pixelCount, options.workers)
    let byteCount = QuantizerMemory.byteCount(pixelCount: pixelCount, parts: count)
    mapping = try SharedMemoryShortage.guarding(byteCount) { () throws(PoolError) in
      try SharedMapping.populated(byteCount: byteCount)
    }
    let memory = unsafe QuantizerMemory(over: mapping.bytes(at: 0, count: byteCount))
    self.memory = memory
    pool = try Pool(options, initializer: { _ in ImagingRuntime.prepareProcess() }) { part in
      memory.perform(part.step, part: part.number)
      return 1
    }
  }

  /// Process ids of the members; `nil` for one that is being replaced.
  package var workerPIDs: [Int32?] { pool.workerPIDs }

  package func perform(_ step: QuantizeStep, on memory: QuantizerMemory) throws(ImagingError) {
    precondition(memory.byteCount == self.memory.byteCount, "the memory that the processes see")
    do throws(PoolError) {
      _ = try pool.map((0..<count).map { Part(step, number: $0) }, chunkSize: 1)
    } catch .taskFailed(let failure) {
      throw .failed(TaskReport.Problem(failure).reason)
    } catch {
      failure = error
      throw .failed(String(describing: error))
    }
  }
}

/// One process team after another: an image that needs more memory than all before it gets a new one, because
/// processes see only memory that is older than they.
final class ProcessTeams {
  private let options: PoolOptions
  private var current: (team: ProcessTeam, quantizer: Quantizer)?
  private var startFailure: (any Error)?

  init(_ options: PoolOptions) { self.options = options }

  /// Why the run cannot go on.
  var failure: (any Error)? { startFailure ?? current?.team.failure }

  /// Quantisers with these options.
  func quantizers(_ quantization: QuantizeOptions) -> QuantizerSource {
    { pixelCount throws(ImagingError) in try self.quantizer(quantization, pixelCount: pixelCount) }
  }

  /// A quantiser whose team has the memory for `pixelCount` pixels.
  private func quantizer(_ quantization: QuantizeOptions, pixelCount: Int) throws(ImagingError) -> Quantizer {
    if let current, current.team.pixelCount >= pixelCount { return current.quantizer }
    current = nil  // before the next: the machine may not have room for both
    do {
      let team = try ProcessTeam(pixelCount: pixelCount, options)
      let quantizer = Quantizer(quantization, team: team, sharedMemory: team.memory)
      current = (team, quantizer)
      return quantizer
    } catch {
      startFailure = error
      throw .failed(String(describing: error))
    }
  }
}
