internal import Datasets
internal import Platform
internal import ProcPool
internal import SystemPackage

/// Ingest as a workload: it downloads the images of a study as `file://` URLs, through the same library, decoder and
/// files. What a study measures is therefore everything but the network.
struct IngestWorkload: Workload {
  static let name = "ingest"

  static var ways: [Way] {
    [
      Way(name: Sequential.name, refusal: { _ in nil }, roles: { _ in RankRoles(workers: 1) }),
      Way(name: WorkerReads.name, refusal: { _ in nil }, roles: { RankRoles(workers: $0) }),
    ]
  }

  static func copies(_ asked: Int?) -> Int? { asked == nil || asked == 1 ? 1 : nil }

  private let options: IngestOptions
  private let output: OutputFolder?
  private let how: RunDescription.How

  init(_ order: WorkOrder) throws {
    let listing = try FolderListing(order.input)
    guard listing.images.count == order.images, listing.problems.isEmpty else {
      throw WorkloadError(
        description: "\(order.input): \(listing.images.count) images, where there were \(order.images)")
    }
    guard let folder = FilePath(text: order.input).resolved else {
      throw WorkloadError(description: "\(order.input): there is no such folder")
    }
    let urls = listing.images.map { Self.url(of: folder.pushing(FilePath(text: $0.path))) }
    var options = IngestOptions(URLList(urls), count: urls.count)
    (options.client.allowsFiles, options.isSaving) = (true, order.isSaving)
    (options.policy.retries, options.fallback) = (0, .fail)
    (self.options, how) = (options, order.how)
    output = order.isSaving ? try OutputFolder(order.output) : nil
    try HTTPClient.load()
  }

  /// All bytes but letters, digits and a few marks are escaped.
  private static func url(of path: FilePath) -> String {
    path.bytes.reduce(into: "file://") { url, byte in
      let scalar = UnicodeScalar(byte)
      if scalar.isASCII, scalar.properties.isAlphabetic || "0123456789-._~/".unicodeScalars.contains(scalar) {
        url.unicodeScalars.append(scalar)
      } else {
        url += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
  }

  var taskCount: Int { options.count }

  func run(each: (TaskReport) throws -> Void) throws {
    if how.strategy == Sequential.name { return try runSequentially(each) }
    let tasks = (1...options.count).lazy.map { IngestTask(number: $0) }
    try Ingest(options, into: output).run(how, RunControl(), tasks) { try Self.pass($0, each) }
  }

  private func runSequentially(_ each: (TaskReport) throws -> Void) throws {
    let worker = IngestWorker(options, output, try how.writeMegabytesPerSecond.map(WriteLimit.init))
    try worker.begin(rank: 0)
    for number in 1...options.count { try Self.pass(worker.perform(IngestTask(number: number)), each) }
  }

  private static func pass(_ report: IngestReport, _ each: (TaskReport) throws -> Void) throws {
    guard report.download.outcome == .downloaded else {
      throw WorkloadError(
        description: "\(report.download.url): \(report.download.reason ?? "not downloaded")",
        isShortage: report.task.problem?.kind == .shortage)
    }
    try each(report.task)
  }
}
