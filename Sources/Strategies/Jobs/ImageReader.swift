internal import Imaging

/// Reads and decodes the images of a job, and keeps the last one: the copies of an image follow each other.
struct ImageReader: ~Copyable {
  /// The pixels of the last image.
  private(set) var image = Image()
  /// The file that they were decoded from.
  private(set) var bytes: [UInt8] = []
  private let job: AugmentJob
  private let presence: DiskPresence?
  private var decoder = ImageDecoder()
  private var loaded: Int?
  private var failure: (imageIndex: Int, error: any Error)?

  init(_ job: AugmentJob, _ presence: DiskPresence?) {
    (self.job, self.presence) = (job, presence)
    decoder.jpegDCT = job.encoding.jpegDCT
    decoder.metadata = job.encoding.metadata
  }

  /// Makes `image` the image of the given number. An image that failed fails again, and is not read again.
  mutating func load(_ imageIndex: Int, _ clock: inout StageClock, _ report: inout TaskReport) throws {
    if loaded == imageIndex { return }
    if let failure, failure.imageIndex == imageIndex { throw failure.error }
    loaded = nil
    do {
      bytes = try read(imageIndex, &clock, &report)
      report.note(try decoder.decode(bytes, maxPixels: job.maxPixels, into: &image))
      clock.end(.decode)
      loaded = imageIndex
    } catch {
      failure = (imageIndex, error)
      throw error
    }
  }

  /// Reads an image and decodes it straight into `memory`, which may be shared with other processes.
  /// - Returns: how it lies there; `nil` where it is too large for that.
  mutating func load(
    _ imageIndex: Int, into memory: inout MutableRawSpan, _ clock: inout StageClock, _ report: inout TaskReport
  ) throws -> ImageLayout? {
    let bytes = try read(imageIndex, &clock, &report)
    let layout = unsafe ImageLayout(try decoder.header(of: bytes.span.bytes, maxPixels: job.maxPixels))
    guard layout.byteCount <= memory.byteCount else { return nil }
    let maxPixels = job.maxPixels
    let written = try layout.write(into: &memory) { image in
      report.note(try decoder.decode(bytes, maxPixels: maxPixels, into: &image))
    }
    clock.end(.decode)
    return written
  }

  /// The file of an image.
  func read(_ imageIndex: Int, _ clock: inout StageClock, _ report: inout TaskReport) throws(FileError) -> [UInt8] {
    presence?.enter(clock.rank)
    defer { presence?.leave(clock.rank) }
    let path = "\(job.plan.inputFolder)/\(job.plan.images[imageIndex].path)"
    let bytes = try InputFile.read(path, limit: ImageFile.byteLimit(job.maxPixels))
    clock.end(.read)
    report.readByteCount += bytes.count
    return bytes
  }
}

extension TaskReport {
  /// Takes down damage that was decoded around, and pictures that are not used.
  fileprivate mutating func note(_ decoded: DecodeReport) {
    if decoded.isDamaged {
      notes.append("\(Self.damagePrefix), decoded as far as possible: \(decoded.warningText)")
    }
    if decoded.frameCount > 1 {
      notes.append("\(Self.framesPrefix) \(decoded.frameCount) frames: only the first is used")
    }
  }
}
