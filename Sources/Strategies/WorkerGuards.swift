internal import Datasets
internal import Imaging
internal import Jobs
internal import Platform
internal import ProcPool

/// How the workers of a run are kept from harm by files that are hostile, or that a decoder cannot cope with. They do
/// not hold where the main process decodes.
package struct WorkerGuards: Codable, Hashable, Sendable {
  /// Seconds after which a rank gives up a task: a copy, or all copies of an image where one rank makes them; `nil`:
  /// never.
  package var imageSeconds: Double?
  /// Bytes that a rank may take; `nil`: as many as the largest image may need, but no more than half of the machine's.
  package var memoryByteCount: Int?
  /// Whether workers are confined to the folders of the run, and to that memory.
  package var isSandboxed = true

  package init() {}
}

extension WorkerGuards {
  /// Of a pixel, for the source, its product, and what decoders, masks and the most demanding transforms (fields of two
  /// numbers, smoothed) have beside them.
  private static let bytesPerPixel = 64
  /// Of a pixel, in the largest piece of memory that is asked for at once: four floating-point numbers.
  private static let bytesPerPixelOfPiece = 16
  /// For the program's own needs, kept images and small copies.
  private static let baseByteCount = 512 << 20

  /// What workers of a run may use; `nil`: everything.
  func sandbox(for run: JobRun<some Job>) -> Sandbox? {
    guard isSandboxed else { return nil }
    var sandbox = Sandbox()
    limitMemory(of: &sandbox, run.files.maxPixels)
    let masks = run.plan.labels?.dataset.masks ?? []
    sandbox.readable = [Sandbox.Place(run.plan.input.folder)] + masks.map { Sandbox.Place($0.folder) }
    sandbox.readable += (run.outsidePaths + masks.flatMap(\.linkTargets)).map { .path($0) }
    if run.isSaving, let output = run.plan.output {
      sandbox.writable = [Sandbox.Place(output.folder)] + output.linkTargets(of: run.plan.folders).map { .path($0) }
    }
    return sandbox
  }

  /// What workers of a download may use: they reach the network, read what names servers and certificates, or files that
  /// the user names, and write nothing but the output.
  func sandbox(downloadingInto output: OutputFolder?, maxPixels: Int) -> Sandbox? {
    guard isSandboxed else { return nil }
    var sandbox = Sandbox()
    limitMemory(of: &sandbox, maxPixels)
    (sandbox.readable, sandbox.allowsNetwork) = ([.path("/")], true)
    sandbox.writable = output.map { [Sandbox.Place($0.folder)] } ?? []
    return sandbox
  }

  /// What holds on this machine, for a summary.
  package var names: [String] {
    isSandboxed ? ["memory"] + Sandbox.available.map(\.rawValue).sorted() : []
  }

  private func limitMemory(of sandbox: inout Sandbox, _ maxPixels: Int) {
    let (pixels, isOver) = maxPixels.multipliedReportingOverflow(by: Self.bytesPerPixel)
    let half = max(Self.baseByteCount, Memory.byteCount / 2)
    sandbox.memoryByteCount = memoryByteCount ?? (isOver ? half : min(Self.baseByteCount + pixels, half))
    sandbox.largestRequestByteCount = isOver ? nil : maxPixels * Self.bytesPerPixelOfPiece
  }
}

extension Sandbox.Place {
  /// An open folder; the working folder has no descriptor.
  init(_ folder: Folder) { self = folder.number < 0 ? .path(".") : .descriptor(folder.number) }
}
