internal import Datasets
internal import Imaging
internal import Jobs
internal import Platform

/// Reads and decodes the images of a run, and keeps the last one, because the outputs of an image follow each other.
struct SourceReader: ~Copyable {
  /// The pixels of the last image.
  private(set) var image = Image()
  /// The file that `image` was decoded from.
  private(set) var bytes: [UInt8] = []
  /// What a manifest keeps of that file.
  private var record: FileRecord?
  private let plan: Plan
  private let maxPixels: Int
  private let keepsRecord: Bool
  private let onDamage: DamagePolicy
  private let presence: DiskPresence?
  private let refusal: @Sendable (SourceFacts) -> String?
  private let leastSize: @Sendable (_ imageIndex: Int, _ full: ImageShape) -> ImageSize?
  private var decoder = ImageDecoder()
  private var loaded: Int?
  private var failure: (imageIndex: Int, error: any Error)?

  init(_ run: JobRun<some Job>, _ presence: DiskPresence?) {
    (plan, self.presence) = (run.plan, presence)
    (maxPixels, onDamage) = (run.files.maxPixels, run.files.onDamage)
    keepsRecord = run.keepsRecord
    refusal = { [job = run.job] in job.refusal(of: $0) }
    decoder.jpegDCT = run.files.encoding.jpegDCT
    decoder.metadata = run.files.encoding.metadata
    leastSize = run.leastSize
  }

  /// Loads an image into `image`. The last image that failed fails again without being read.
  mutating func load(_ imageIndex: Int, _ log: inout TaskLog) throws {
    if loaded == imageIndex {
      log.report.product.source = record
      return
    }
    if let failure, failure.imageIndex == imageIndex { throw failure.error }
    loaded = nil
    do {
      bytes = try read(imageIndex, &log)
      record = log.report.product.source
      _ = try header(of: imageIndex, in: bytes)
      try log.note(decoder.decode(bytes, maxPixels: maxPixels, into: &image), onDamage)
      log.end(.decode)
      loaded = imageIndex
    } catch {
      failure = (imageIndex, error)
      throw error
    }
  }

  /// Reads an image and decodes it straight into `memory`, which may be shared with other processes.
  /// - Returns: its layout there; `nil` if it is too large.
  mutating func load(
    _ imageIndex: Int, into memory: inout MutableRawSpan, _ log: inout TaskLog
  ) throws -> ImageLayout? {
    let bytes = try read(imageIndex, &log)
    let layout = ImageLayout(try header(of: imageIndex, in: bytes))
    guard layout.byteCount <= memory.byteCount else { return nil }
    let (maxPixels, onDamage) = (maxPixels, onDamage)
    let written = try layout.write(into: &memory) { image in
      try log.note(decoder.decode(bytes, maxPixels: maxPixels, into: &image), onDamage)
    }
    log.end(.decode)
    return written
  }

  /// The header of an image that is decoded next, at the scale at which the job wants it.
  /// - Throws: `.notApplicable` if the job can make nothing of an image with this header.
  private mutating func header(of imageIndex: Int, in bytes: [UInt8]) throws(ImagingError) -> ImageHeader {
    decoder.leastSize = { [leastSize] in leastSize(imageIndex, $0) }
    let header = unsafe try decoder.header(of: bytes.span.bytes, maxPixels: maxPixels)
    if plan.labels?.isCarriedOver(imageIndex) == true { return header }
    var reason: String?
    for shape in header.possibleShapes {
      reason = refusal(SourceFacts(plan.images[imageIndex], shape: shape))
      if reason == nil { return header }
    }
    if let reason { throw .notApplicable(reason) }
    return header
  }

  /// Reads the file of an image.
  func read(_ imageIndex: Int, _ log: inout TaskLog) throws(FileError) -> [UInt8] {
    presence?.enter(log.rank)
    defer { presence?.leave(log.rank) }
    let image = plan.images[imageIndex]
    CrashReport.note(Imaging.printable(image.path.unicodeScalars))
    let bytes = try plan.input.read(image, limit: ImageFile.byteLimit(maxPixels))
    if keepsRecord { log.report.product.source = FileRecord(image.path, bytes.span) }
    log.end(.read)
    log.report.readByteCount += bytes.count
    return bytes
  }
}

extension TaskLog {
  /// Notes damage that was decoded around, and frames that are not used.
  /// - Throws: the damage, if that is what becomes of it.
  fileprivate mutating func note(_ decoded: DecodeOutcome, _ onDamage: DamagePolicy) throws(ImagingError) {
    if decoded.isDamaged { try note(damage: decoded.warningText, onDamage) }
    if decoded.frameCount > 1 {
      report.imageNotes.append("has \(decoded.frameCount) frames: only the first is used")
    }
  }

  /// Notes what is wrong with a file that was decoded all the same.
  /// - Parameter subject: the file, if it is not that of the image.
  mutating func note(
    damage text: String, of subject: String? = nil, _ onDamage: DamagePolicy
  ) throws(ImagingError) {
    let damage = subject.map { "\($0): \(text)" } ?? text
    if onDamage == .reject { throw .damaged(damage) }
    if report.damage == nil { report.damage = damage }
    guard onDamage == .warn else { return }
    report.imageNotes.append(
      subject.map { "\($0) is damaged: \(text)" } ?? "damaged, decoded as far as possible: \(text)")
  }
}
