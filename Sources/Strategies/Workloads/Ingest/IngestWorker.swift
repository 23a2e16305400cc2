internal import Datasets
internal import Imaging
internal import Platform

/// Downloads images in one process, decodes them and saves them, with scratch memory reused from image to image.
///
/// One is made in the main process and inherited by all forked processes.
final class IngestWorker {
  private let options: IngestOptions
  private let output: OutputFolder?
  private let limit: WriteLimit?
  private var rank = StageSpan.mainRank
  private var client: HTTPClient?
  private var decoder = ImageDecoder()
  private var encoder = ImageEncoder()
  private var image = Image()
  private var scaled = Image()

  /// An image that arrived and was decoded.
  private struct Arrival {
    var response: HTTPClient.Response
    var decoded: DecodeOutcome
  }

  init(_ options: IngestOptions, _ output: OutputFolder?, _ limit: WriteLimit?) {
    (self.options, self.output, self.limit) = (options, output, limit)
    decoder.metadata = options.encoding.metadata
  }

  /// Call once in every process that downloads, before its first task.
  func begin(rank: Int) throws {
    self.rank = rank
    ImagingRuntime.prepareProcess()
    client = try HTTPClient(options.client)
  }

  func perform(_ task: IngestTask) -> IngestReport {
    var download = Download(number: task.number, url: options.urls[task.number])
    let begin = Clock.seconds
    let report = TaskLog.report(rank: rank) { log in
      if let name = task.found {
        if task.isHopeful, try keep(name, &download, &log) { return }
        output?.withdraw(name)
      }
      if !task.isHopeful {
        (download.attempts, download.reason) = (1, task.loss)
        try fallBack(&download, &log)
      } else if let arrival = fetch(&download, &log) {
        try save(arrival, &download, &log)
      } else {
        try fallBack(&download, &log)
      }
    }
    if let problem = report.problem {
      download.reason = [download.reason, problem.reason].compactMap { $0 }.joined(separator: "; ")
    }
    download.seconds = Clock.seconds - begin
    return IngestReport(download, report)
  }

  // MARK: Downloading

  /// Tries until an image has arrived and has been decoded, or the policy gives up.
  private func fetch(_ download: inout Download, _ log: inout TaskLog) -> Arrival? {
    var arrival: Arrival?
    let key = RetryPolicy.Key(number: download.number, url: download.url)
    let url = download.url
    // A process has one log; the closures use it one after the other.
    var times = log
    let (attempts, failures) = options.policy.run(key, sleep: { sleep($0) }) { () throws(DownloadFailure) in
      times.end(.wait)
      arrival = try receive(url, &times)
    }
    log = times
    download.attempts = attempts
    if let arrival {
      (download.status, download.byteCount) = (arrival.response.status, arrival.response.body.count)
      log.report.readByteCount = arrival.response.body.count
    } else {
      (download.status, download.reason) = (failures.last?.status, failures.last?.reason)
    }
    return arrival
  }

  private func sleep(_ seconds: Double) {
    Clock.sleep(untilNanoseconds: Clock.nanoseconds + UInt64(max(0, seconds) * 1e9))
  }

  private func receive(_ url: String, _ log: inout TaskLog) throws(DownloadFailure) -> Arrival {
    guard let response = try client?.get(url) else { preconditionFailure("the process has begun") }
    log.end(.read)
    do throws(ImagingError) {
      let decoded = try decoder.decode(response.body, maxPixels: options.maxPixels, into: &image)
      log.end(.decode)
      return Arrival(response: response, decoded: decoded)
    } catch {
      log.end(.decode)
      throw DownloadFailure(error, of: response)
    }
  }

  // MARK: Saving

  private func save(_ arrival: Arrival, _ download: inout Download, _ log: inout TaskLog) throws {
    let format = arrival.decoded.format
    if arrival.decoded.isDamaged {
      download.reason = "damaged, decoded as far as possible: \(arrival.decoded.warningText)"
    }
    if let size = options.size, size != image.color.shape.size {
      try scale(to: size)
      log.end(.transform)
      let bytes = try encoder.encode(scaled, as: format.ofCopies, options.encoding)
      try write(bytes, Download.file(download.number, format.ofCopies), &download, &log)
    } else {
      try write(arrival.response.body, Download.file(download.number, format), &download, &log)
    }
    download.outcome = .downloaded
  }

  private func scale(to size: ImageSize) throws(ImagingError) {
    try scaled.copyRest(of: image)
    try scaled.color.resize(image.color, width: size.width, height: size.height)
    guard var alpha = scaled.alpha.take() else { return }
    switch image.alpha {
    case .some(let plane): try alpha.resize(plane, width: size.width, height: size.height)
    case .none: break
    }
    scaled.alpha = consume alpha
  }

  private func fallBack(_ download: inout Download, _ log: inout TaskLog) throws {
    guard options.fallback == .synthetic else { return }
    let bytes = try noise(for: download)
    try write(bytes, Download.file(download.number, .jpeg), &download, &log)
    if download.outcome == .skipped { download.outcome = .synthetic }
  }

  private func noise(for download: Download) throws -> [UInt8] {
    let key = StreamKey(seed: options.policy.seed, path: download.url, copy: download.number)
    try SyntheticImage.draw(into: &scaled, options.noiseSize, key)
    return try encoder.encode(scaled, as: .jpeg, options.encoding)
  }

  private func write(
    _ bytes: [UInt8], _ name: String, _ download: inout Download, _ log: inout TaskLog
  ) throws {
    log.end(.encode)
    guard options.isSaving, let output else { return }
    limit?.wait(for: bytes.count)
    do throws(FileError) {
      try output.write(bytes.span, to: name, task: download.number)
    } catch {
      // Another process, which does the same shard, was faster.
      guard error.cause == .nameTaken else { throw error }
      if try keep(name, &download, &log) { return }
      output.withdraw(name)
      try output.write(bytes.span, to: name, task: download.number)
    }
    (download.file, log.report.writtenByteCount) = (name, bytes.count)
    log.report.product.files = [FileRecord(name, bytes.span)]
    log.end(.write)
  }

  // MARK: What is there

  /// Takes a file that is there in place of a download, if it is an image and no noise.
  private func keep(_ name: String, _ download: inout Download, _ log: inout TaskLog) throws -> Bool {
    guard let bytes = output?.contents(of: name) else { return false }
    log.end(.read)
    guard try isImage(bytes, for: download) else { return false }
    log.end(.decode)
    (download.outcome, download.file, download.reason) = (.downloaded, name, nil)
    log.report.product.files = [FileRecord(name, bytes.span)]
    return true
  }

  private func isImage(_ bytes: [UInt8], for download: Download) throws -> Bool {
    let format: ImageFormat
    do throws(ImagingError) {
      format = try decoder.decode(bytes, maxPixels: options.maxPixels, into: &image).format
    } catch {
      guard error != .outOfMemory else { throw error }
      return false
    }
    let size = image.color.shape.size
    guard options.size ?? size == size else { return false }
    guard options.fallback == .synthetic, format == .jpeg, size == options.noiseSize else { return true }
    return try noise(for: download) != bytes
  }
}

extension DownloadFailure {
  /// What arrived cannot be decoded.
  fileprivate init(_ error: ImagingError, of response: HTTPClient.Response) {
    switch error {
    // The same image would be as large the next time.
    case .tooLarge, .outOfMemory: self.init(.tooLarge, error.description)
    case .empty: self.init(.undecodable(status: response.status), "the response is empty")
    default: self.init(.undecodable(status: response.status), error.description)
    }
  }
}

extension ImageShape {
  fileprivate var size: ImageSize { ImageSize(width: width, height: height) }
}
