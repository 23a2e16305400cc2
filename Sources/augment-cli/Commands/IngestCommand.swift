internal import ArgumentParser
internal import Datasets
internal import Imaging
internal import Platform
internal import Strategies

struct IngestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest", abstract: "Downloads images into a folder, several at a time.",
    discussion: """
      Images are named by number: image_000001.jpg. What arrives counts once it has been decoded, and is kept byte for \
      byte unless --size scales it. A failure that may pass (no connection, a time-out, a cut or undecodable body, status 408, \
      425, 429 or 5xx) is tried again after a random wait that grows with each attempt, or after the wait that the \
      server asks for, up to 120 s. What still fails is replaced by noise or left out (--fallback), and is marked as \
      such in the summary, in --json and in --report; the exit status is then 1, and --resume tries them again. An \
      image that has arrived is never downloaded again, nor replaced, unless its file is gone or has another size. \
      --overwrite first removes all images of these numbers.

      A URL may name any server, also one on this machine or in a private network. A redirect may not lead there, \
      unless --allow-private-redirects is given.
      """)

  @Argument(
    help: ArgumentHelp(
      """
      Text file of URLs, one per line (blank lines and those that begin with # do not count), or one URL, in which \
      {n}, {n:06} and {seed} stand for the number of the image and the seed.
      """, valueName: "urls"), completion: .file())
  var source: String

  @Argument(help: "Folder for the images; created if missing.", completion: .directory)
  var folder: String

  @Option(
    help: ArgumentHelp(
      "Number of images; a shorter list is repeated. (default: the length of the list, or 1 for one URL)",
      valueName: "n"))
  var count: Int?

  @OptionGroup var downloads: DownloadFlags

  @Option(
    help: ArgumentHelp(
      "If an image cannot be downloaded: write noise, skip it, or fail and stop the run.",
      valueName: "synthetic|skip|fail"))
  var fallback = IngestOptions.Fallback.synthetic

  @Option(
    help: ArgumentHelp(
      "Scale every image to this width and height. (default: keep its size; noise is 2000x2000)", valueName: "WxH"))
  var size: ImageSize?

  @Option(help: ArgumentHelp("JPEG quality of scaled and synthetic images, 1 to 100.", valueName: "n"))
  var quality = ImageEncoder.defaultQuality

  @Option(help: ArgumentHelp("Reject images with more pixels than this.", valueName: "n"))
  var maxPixels = ImageDecoder.defaultMaxPixels

  @Option(help: ArgumentHelp("Seed of noise and waits.", valueName: "n"))
  var seed: UInt64 = 0

  @OptionGroup var record: RecordFlags

  @Option(
    help: ArgumentHelp(
      "File for what became of each image that was tried, one JSON object per line.", valueName: "file"),
    completion: .file())
  var report: String?

  @Flag(help: "Print only errors: no progress, no summary.")
  var quiet = false

  @Flag(help: "Print the summary as one JSON object on standard output.")
  var json = false

  func validate() throws {
    try require(count.map { (1...1_000_000_000).contains($0) } ?? true, "--count must lie between 1 and 1000000000")
    try require((1...100).contains(quality), "--quality must lie between 1 and 100")
    try require(maxPixels >= 1, "--max-pixels must be at least 1")
    try require(report != "", "--report is empty; name a file")
  }

  func run() throws {
    try record.runOnCluster(input: source, output: folder, isQuiet: quiet, printsJSON: json) { _ = try session() }
    try session().execute()
  }

  func session() throws -> IngestSession {
    if record.dieWithParent { Startup.stopWithParent() }
    // Those of shards are in their plan.
    let urls = try record.shard == nil ? Failure.telling { try URLList(source, seed: seed) } : URLList([])
    var options = IngestOptions(urls, count: count ?? urls.count)
    (options.client, options.policy) = (downloads.client, downloads.policy(seed: seed))
    (options.fallback, options.size, options.maxPixels) = (fallback, size, maxPixels)
    options.encoding.quality = quality
    let places = IngestSession.Places(source: source, folder: folder, report: report)
    let talk = IngestSession.Talk(isQuiet: quiet, printsJSON: json)
    return IngestSession(options, places, talk, record, ranks: downloads.ranks)
  }
}

/// Options of `ingest` for the network.
struct DownloadFlags: ParsableArguments {
  @Option(help: ArgumentHelp("Number of worker processes; each downloads one image at a time.", valueName: "n"))
  var ranks = 8

  @Option(help: ArgumentHelp("Attempts after the first one.", valueName: "n"))
  var retries = RetryPolicy().retries

  @Option(
    help: ArgumentHelp(
      """
      Time limit of an attempt in seconds, redirects included. An attempt also ends after half of that without a \
      connection, or at less than 1000 bytes per second.
      """, valueName: "s"))
  var timeout = HTTPClient.Options().timeoutSeconds

  @Option(
    help: ArgumentHelp(
      "Longest wait before the first retry in seconds; it doubles with each retry, up to 30.", valueName: "s"))
  var backoff = RetryPolicy().backoffSeconds

  @Option(help: ArgumentHelp("Give up downloads larger than this.", valueName: "bytes"))
  var maxBytes = HTTPClient.Options().largestByteCount

  @Flag(help: "Allow file:// URLs in URLS; a redirect never leads to one.")
  var allowFileUrls = false

  @Flag(help: "Follow redirects to addresses of this machine and of private networks, too.")
  var allowPrivateRedirects = false

  func validate() throws {
    try require((1...1024).contains(ranks), "--ranks must lie between 1 and 1024")
    try require((0...100).contains(retries), "--retries must lie between 0 and 100")
    try require((0.001...86_400).contains(timeout), "--timeout must lie between 0.001 and 86400 seconds")
    try require((0...86_400).contains(backoff), "--backoff must lie between 0 and 86400 seconds")
    try require(maxBytes >= 1, "--max-bytes must be at least 1")
  }

  var client: HTTPClient.Options {
    var client = HTTPClient.Options()
    client.userAgent = "augment-cli/\(AugmentCLI.version)"
    (client.timeoutSeconds, client.largestByteCount) = (timeout, maxBytes)
    (client.allowsFiles, client.allowsPrivateRedirects) = (allowFileUrls, allowPrivateRedirects)
    return client
  }

  func policy(seed: UInt64) -> RetryPolicy {
    var policy = RetryPolicy()
    (policy.retries, policy.backoffSeconds, policy.seed) = (retries, backoff, seed)
    return policy
  }
}

extension IngestOptions.Fallback: ExpressibleByArgument {}
