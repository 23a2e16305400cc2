internal import Imaging

/// Reads and decodes the images of a job, and keeps the last one: the copies of an image follow each other.
struct ImageReader: ~Copyable {
  /// The pixels of the last image.
  private(set) var image = Image()
  /// The file that they were decoded from.
  private(set) var bytes: [UInt8] = []
  private let job: AugmentJob
  private var decoder = ImageDecoder()
  private var loaded: Int?
  private var failure: (imageIndex: Int, error: any Error)?

  init(_ job: AugmentJob) { self.job = job }

  /// Makes `image` the image of the given number. An image that failed fails again, and is not read again.
  mutating func load(_ imageIndex: Int, _ clock: inout StageClock, _ report: inout TaskReport) throws {
    if loaded == imageIndex { return }
    if let failure, failure.imageIndex == imageIndex { throw failure.error }
    loaded = nil
    do {
      let path = "\(job.plan.inputFolder)/\(job.plan.images[imageIndex].path)"
      bytes = try InputFile.read(path, limit: ImageFile.byteLimit(job.maxPixels))
      clock.end(.read)
      report.readByteCount = bytes.count
      let decoded = try decoder.decode(bytes, maxPixels: job.maxPixels, into: &image)
      if decoded.isDamaged {
        report.notes.append("\(TaskReport.damagePrefix), decoded as far as possible: \(decoded.warningText)")
      }
      clock.end(.decode)
      loaded = imageIndex
    } catch {
      failure = (imageIndex, error)
      throw error
    }
  }
}
