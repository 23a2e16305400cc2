internal import Datasets
internal import Imaging
internal import Jobs
internal import Platform
internal import ProcPool

/// Where the products of a run go: into files, with a limit on the bandwidth if one is set, or nowhere.
struct Sink: ~Copyable {
  private let plan: Plan
  private let files: ImageFileOptions
  private let isSaving: Bool
  private let keepsRecord: Bool
  private let limit: WriteLimit?
  private let presence: DiskPresence?
  private var encoder = ImageEncoder()
  private var losslessJPEG = LosslessJPEG()

  init(_ run: JobRun<some Job>, _ limit: WriteLimit?, _ presence: DiskPresence?) {
    (plan, files) = (run.plan, run.files)
    (isSaving, keepsRecord) = (run.isSaving, run.keepsRecord)
    (self.limit, self.presence) = (limit, presence)
    losslessJPEG.metadata = files.encoding.metadata
  }

  /// Encodes and writes a product.
  mutating func put(_ product: borrowing Image, as output: PlannedOutput, _ log: inout TaskLog) throws {
    guard isSaving else { return }
    if product.alpha != nil && !output.format.hasAlpha {
      log.report.notes.append(
        "transparency is left out, as \(output.format == .image(.jpeg) ? "JPEG has" : "arrays have") none")
    }
    let bytes = try encoder.encode(product, as: output.format, files.encoding)
    log.end(.encode)
    try put(file: bytes, as: output, &log)
  }

  /// Writes the label file of a product, and tells what became of its labels.
  mutating func put(
    _ labels: FollowedLabels, of source: SourceLabels, as output: PlannedOutput, _ log: inout TaskLog
  ) throws {
    guard let dataset = plan.labels else { return }
    var product = OutputLabels(
      path: output.path, sourcePath: plan.images[output.imageIndex].path, shape: labels.shape,
      objects: labels.objects, source: source.source)
    product.isUnmoved = labels.isUnmoved
    log.report.labels = LabelOutcome(
      keptCount: labels.objects.count, losses: labels.losses, record: dataset.writer.record(of: product))
    guard source.source != nil, let file = dataset.writer.labelFile(of: product) else { return }
    log.end(.encode)
    try put(companion: file.bytes, to: file.path, of: output, &log)
  }

  /// Writes a file that belongs to a product.
  mutating func put(
    companion bytes: [UInt8], to path: String, of output: PlannedOutput, _ log: inout TaskLog
  ) throws(FileError) {
    guard isSaving else { return }
    try plan.output?.write(bytes.span, to: path, task: output.task)
    note(bytes, at: path, &log)
    log.end(.write)
  }

  /// Removes what was written of a product that failed afterwards.
  func withdraw(_ output: PlannedOutput) {
    guard isSaving else { return }
    for path in plan.companions(of: output) { plan.output?.withdraw(path) }
  }

  /// Makes a product from the source file without decoding it, and writes it.
  /// - Returns: `false` if the files do not allow it.
  mutating func put(
    _ shortcut: Shortcut, of bytes: (inout TaskLog) throws -> [UInt8], as output: PlannedOutput, _ log: inout TaskLog
  ) throws -> Bool {
    switch shortcut {
    case .bytes: try put(file: bytes(&log), as: output, &log)
    case .orientation(let orientation):
      guard isSaving, output.format == .image(.jpeg), plan.images[output.imageIndex].format == .jpeg,
        let copy = try losslessJPEG.copy(of: bytes(&log), changedBy: orientation)
      else { return false }
      log.end(.transform)
      try put(file: copy, as: output, &log)
    }
    return true
  }

  /// Writes the file of a product.
  func put(file bytes: [UInt8], as output: PlannedOutput, _ log: inout TaskLog) throws(FileError) {
    guard isSaving else { return }
    presence?.enter(log.rank)
    defer { presence?.leave(log.rank) }
    limit?.wait(for: bytes.count)
    try plan.output?.write(bytes.span, to: output.path, task: output.task)
    note(bytes, at: output.path, &log)
    log.end(.write)
  }

  private func note(_ bytes: [UInt8], at path: String, _ log: inout TaskLog) {
    log.report.writtenByteCount += bytes.count
    if keepsRecord { log.report.product.files.append(FileRecord(path, bytes.span)) }
  }
}

/// A simulated slow disk: a limit on the write bandwidth of all ranks together.
///
/// The ranks share the time at which the disk will have written everything given to it so far. A writer adds the
/// duration of its bytes, in one atomic step, and sleeps until then. So writes queue up as on a disk, no lock is held,
/// and a process that dies leaves behind only the time of its file.
struct WriteLimit {
  private let bytesPerNanosecond: Double
  private let freeTime: SharedNumber

  /// - Parameter megabytesPerSecond: in units of 10⁶ bytes.
  init(megabytesPerSecond: Double) throws {
    bytesPerNanosecond = megabytesPerSecond * 1e6 * 1e-9
    freeTime = try SharedMemoryShortage.guarding(8) { () throws(PoolError) in try SharedNumber() }
  }

  /// Sleeps as long as `byteCount` bytes take, behind all earlier ones.
  func wait(for byteCount: Int) {
    let duration = UInt64(min(1e18, Double(byteCount) / bytesPerNanosecond))
    let end = freeTime.update { max($0, Clock.nanoseconds) + duration }
    Clock.sleep(untilNanoseconds: end)
  }
}

/// Which ranks are reading or writing a file: they may be waiting for the disk, and then leave their core free.
///
/// A bit per rank, set and cleared in one atomic step, so the main process may count at any time, and clear the bit of a
/// rank whose process has died.
struct DiskPresence {
  private let words: [SharedNumber]

  init(ranks: Int) throws {
    words = try SharedMemoryShortage.guarding(8 * ranks) { () throws(PoolError) in
      var words: [SharedNumber] = []
      for _ in 0..<(ranks + 63) / 64 { words.append(try SharedNumber()) }
      return words
    }
  }

  /// How many there are now.
  var count: Int { words.reduce(0) { $0 + $1.value.nonzeroBitCount } }

  func enter(_ rank: Int) { words[rank / 64].update { $0 | 1 << UInt64(rank % 64) } }
  func leave(_ rank: Int) { words[rank / 64].update { $0 & ~(1 << UInt64(rank % 64)) } }
}
