internal import Datasets
internal import Imaging
internal import Jobs
internal import Platform

/// Where the products of a run go: into files, at the speed that the disk is said to have, or nowhere.
struct Sink: ~Copyable {
  private let plan: Plan
  private let files: ImageFileOptions
  private let isSaving: Bool
  private let limit: WriteLimit?
  private let presence: DiskPresence?
  private var encoder = ImageEncoder()
  private var losslessJPEG = LosslessJPEG()

  init(_ run: JobRun<some Job>, _ limit: WriteLimit?, _ presence: DiskPresence?) {
    (plan, files, isSaving) = (run.plan, run.files, run.isSaving)
    (self.limit, self.presence) = (limit, presence)
    losslessJPEG.metadata = files.encoding.metadata
  }

  /// Encodes and writes a product.
  mutating func put(_ product: borrowing Image, as output: PlannedOutput, _ log: inout TaskLog) throws {
    guard isSaving else { return }
    if product.alpha != nil && output.format == .jpeg {
      log.report.notes.append("transparency is left out, as JPEG has none")
    }
    let bytes = try encoder.encode(product, as: output.format, files.encoding)
    log.end(.encode)
    try put(file: bytes, as: output, &log)
  }

  /// Makes a file of the file of its image, without pixels, and writes it.
  /// - Returns: whether the files allowed it.
  mutating func put(
    _ shortcut: Shortcut, of bytes: (inout TaskLog) throws -> [UInt8], as output: PlannedOutput, _ log: inout TaskLog
  ) throws -> Bool {
    switch shortcut {
    case .bytes: try put(file: bytes(&log), as: output, &log)
    case .orientation(let orientation):
      guard isSaving, output.format == .jpeg, plan.images[output.imageIndex].format == .jpeg,
        let copy = try losslessJPEG.copy(of: bytes(&log), changedBy: orientation)
      else { return false }
      log.end(.transform)
      try put(file: copy, as: output, &log)
    }
    return true
  }

  private func put(file bytes: [UInt8], as output: PlannedOutput, _ log: inout TaskLog) throws(FileError) {
    guard isSaving else { return }
    presence?.enter(log.rank)
    defer { presence?.leave(log.rank) }
    limit?.wait(for: bytes.count)
    try plan.output?.write(bytes.span, to: output.path, task: output.task)
    log.report.writtenByteCount = bytes.count
    log.end(.write)
  }
}
