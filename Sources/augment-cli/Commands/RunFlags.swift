public import ArgumentParser
internal import Datasets
internal import Imaging
internal import Jobs
internal import Platform
public import ProcPool
internal import Strategies

/// Options that all job commands share: how to run the job and how to write its files.
struct RunFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Number of worker processes. auto: one per core, or fewer if the work is too small for more to pay.",
      valueName: "n|auto"))
  var ranks = RankChoice.auto

  @Option(
    help: ArgumentHelp(
      "How reading, transforming and saving are spread over the ranks. (default: \(StrategyName.adaptive))",
      valueName: "name"))
  var strategy: StrategyName?

  @Option(
    name: [.customLong("chunk-size"), .customLong("batch")],
    help: ArgumentHelp(
      "Tasks per message to a rank, in strategies whose ranks read the images. (default: the copies of one image)",
      valueName: "n"))
  var chunkSize: Int?

  @Option(
    help: ArgumentHelp(
      "Ranks that only save, with --strategy savers. (default: √ranks rounded up, less 1; at least 1)", valueName: "n"))
  var savers: Int?

  @Option(
    help: ArgumentHelp(
      "Pin ranks to processors: not at all, neighbours first, or far apart.", valueName: "none|close|spread"))
  var placement = Placement.none

  @Option(
    help: ArgumentHelp(
      "Limit all ranks together to this write rate, like a slow disk. (default: no limit)", valueName: "MB/s"))
  var writeBandwidth: Bandwidth?

  @Flag(help: "Skip encoding and writing, for measurements.")
  var noSaving = false

  @Option(
    help: ArgumentHelp(
      """
      Format of the copies; keep: that of the source, or PNG for those that are only read (BMP, GIF, PNM); webp is \
      lossy, as JPEG is; npy, npz: NumPy arrays, with what ends the pipeline done.
      """, valueName: "format"))
  var format = CopyFormat.keep

  @Option(
    help: ArgumentHelp(
      """
      Bits of a sample: keep more than 8, which PNG and TIFF copies do where pixels only move (flips, crops, pads, \
      changes of size, warps); or reduce them to 8, rounded to the nearest 257th.
      """, valueName: "keep|8"))
  var depth = DepthChoice.keep

  @Option(help: ArgumentHelp("Quality of JPEG and lossy WebP, 1 to 100.", valueName: "n"))
  var quality = ImageEncoder.defaultQuality

  @Option(
    name: .customLong("jpeg-dct"),
    help: ArgumentHelp(
      "JPEG DCT: exact, or a less exact one for processors where exact is slow.", valueName: "exact|fast"))
  var jpegDCT = JPEGDCT.exact

  @Option(
    help: ArgumentHelp(
      "Chroma subsampling of JPEG copies: as in the source (4:2:0 if it is not a JPEG), 4:4:4, 4:2:2 or 4:2:0.",
      valueName: "keep|444|422|420"))
  var subsampling = SubsamplingChoice.keep

  @Option(
    help: ArgumentHelp(
      """
      Metadata that copies keep: none; colour (the ICC profile, the colour tags of EXIF, and cICP, cHRM, gAMA and sRGB \
      of PNG); or all (EXIF, XMP and density, too). Always dropped: orientation, which is applied to the pixels, \
      thumbnails, maker's notes, comments. A JPEG cannot store the colour tags of a PNG.
      """, valueName: "none|colour|all"))
  var metadata = MetadataChoice.colour

  @OptionGroup var record: RecordFlags

  @Flag(help: "Follow links to folders in INPUT; links to files are always followed.")
  var followLinks = false

  @Option(
    help: ArgumentHelp("If an image cannot be processed: skip it, or fail and stop the run.", valueName: "skip|fail"))
  var onError = ErrorPolicy.skip

  @Option(
    help: ArgumentHelp("Stop the run when more images than this have failed. (default: no limit)", valueName: "n"))
  var maxErrors: Int?

  @Option(
    help: ArgumentHelp("Copy the images that failed into this folder.", valueName: "folder"), completion: .directory)
  var quarantine: String?

  @Option(
    help: ArgumentHelp(
      """
      Write a line for each image that failed or is damaged, each copy that is left out, and each object that a copy \
      does not keep, with the reason: .csv or .json.
      """, valueName: "file"), completion: .file())
  var report: String?

  @Option(help: ArgumentHelp("Reject images with more pixels than this.", valueName: "n"))
  var maxPixels = ImageDecoder.defaultMaxPixels

  @Option(
    help: ArgumentHelp(
      """
      If a file is damaged and can be decoded all the same: reject it, warn, or accept it and list it in the summary \
      alone. A file that ends early is always rejected.
      """, valueName: "reject|warn|accept"))
  var onDamaged = DamagePolicy.warn

  @Option(
    help: ArgumentHelp(
      """
      Give up an image that keeps a rank busy for longer than this. Has no effect where the main process decodes, as \
      with --strategy sequential, main-reads or threads.
      """, valueName: "seconds|none"))
  var imageTimeout = TimeLimit(seconds: 60)

  @Option(
    help: ArgumentHelp(
      """
      Memory that a rank may take; an image that needs more is rejected. Where the main process decodes, there is no \
      limit. (default: enough for --max-pixels, at most half of the machine's)
      """, valueName: "MB"))
  var maxMemory: Int?

  @Flag(
    help: """
      Do not confine the ranks to the folders of the run, to reading and writing, and to --max-memory: for debuggers and \
      sanitizers.
      """)
  var noSandbox = false

  @Flag(help: "Print only errors: no progress, no summary.")
  var quiet = false

  @Flag(help: "Print the summary as one JSON object on standard output.")
  var json = false

  func validate() throws {
    if case .number(let count) = ranks {
      try require((1...RankChoice.most).contains(count), "--ranks must lie between 1 and \(RankChoice.most)")
    }
    try require(chunkSize.map { $0 >= 1 } ?? true, "--chunk-size must be at least 1")
    try require((1...100).contains(quality), "--quality must lie between 1 and 100")
    try require(maxPixels >= 1, "--max-pixels must be at least 1")
    try require(
      !noSaving || record.shard == nil && record.cluster == nil,
      "--no-saving leaves nothing to divide: leave out --shard and --cluster")
    try require(maxErrors.map { $0 >= 0 } ?? true, "--max-errors must be at least 0")
    try require(report != "", "--report is empty; name a file")
    try require(quarantine != "", "--quarantine is empty; name a folder")
    try require(report.map { RunReport.Format($0) != nil } ?? true, "--report must end in .csv or .json")
    try require(maxMemory.map { (64...1 << 30).contains($0) } ?? true, "--max-memory must be at least 64 MB")
    if let refusal = strategyType.refusal(of: how) {
      throw ValidationError(savers == nil ? refusal : "--savers: \(refusal)")
    }
  }

  /// Throws a `ValidationError` if the strategy cannot distribute a job.
  func validate(for job: any Job.Type) throws {
    if let refusal = strategyType.refusal(of: job) { throw ValidationError("--strategy: \(refusal)") }
  }

  private var strategyType: any Strategy.Type { (strategy ?? .adaptive).type }

  /// With `auto`, the ranks and the strategy are settled when the run is planned.
  var how: RunDescription.How {
    var how = RunDescription.How(strategy: strategyType, ranks: 1)
    (how.chunkSize, how.savers, how.cores) = (chunkSize, savers, Cores.available)
    (how.placement, how.writeMegabytesPerSecond) = (placement, writeBandwidth?.megabytesPerSecond)
    how.guards.imageSeconds = imageTimeout.seconds
    (how.guards.memoryByteCount, how.guards.isSandboxed) = (maxMemory.map { $0 * 1_000_000 }, !noSandbox)
    switch ranks {
    case .number(let count): how.ranks = count
    case .auto: how.ranks = RankChoice.leastRanks(of: how)
    }
    return how
  }

  var files: ImageFileOptions {
    var files = ImageFileOptions()
    (files.maxPixels, files.depth, files.onDamage) = (maxPixels, depth.depth, onDamaged)
    (files.encoding.quality, files.encoding.subsampling) = (quality, subsampling.subsampling)
    (files.encoding.metadata, files.encoding.jpegDCT) = (metadata, jpegDCT)
    files.encoding.isLossless = format.isLossless
    return files
  }
}

extension RunFlags {
  var overwrite: Bool { record.overwrite }
  var durability: Durability { record.durability }
  var resume: Bool { record.resume }
  var shard: ShardRange? { record.shard }
}

extension ParsableArguments {
  /// Throws a `ValidationError` unless `condition` holds.
  func require(_ condition: Bool, _ text: String) throws {
    if !condition { throw ValidationError(text) }
  }
}

extension RankChoice: ExpressibleByArgument {
  /// A number, or "auto".
  package init?(argument: String) {
    guard let choice = argument == "auto" ? .auto : Int(argument).map(RankChoice.number) else { return nil }
    self = choice
  }
  /// "auto".
  package var defaultValueDescription: String { self == .auto ? "auto" : "" }
}

extension JPEGDCT: ExpressibleByArgument {}

extension MetadataChoice: ExpressibleByArgument {}

/// A value of `--subsampling`.
enum SubsamplingChoice: String, CaseIterable, ExpressibleByArgument {
  case keep
  case yuv444 = "444"
  case yuv422 = "422"
  case yuv420 = "420"

  var subsampling: Subsampling? { Subsampling(rawValue: rawValue) }
}

extension Placement: ExpressibleByArgument {
  /// By its name.
  public init?(argument: String) { self.init(name: argument) }
  /// Their names.
  public static var allValueStrings: [String] { named.map(\.name) }
  /// Its name.
  public var defaultValueDescription: String { name ?? "" }
}

/// A write rate; finite and greater than 0.
struct Bandwidth: ExpressibleByArgument {
  /// In units of 10⁶ bytes per second.
  let megabytesPerSecond: Double

  init?(argument: String) {
    guard let number = Double(argument), number > 0, number.isFinite else { return nil }
    megabytesPerSecond = number
  }
}

/// A value of `--image-timeout`.
struct TimeLimit: ExpressibleByArgument {
  /// `nil`: no limit.
  let seconds: Double?

  init(seconds: Double?) { self.seconds = seconds }

  init?(argument: String) {
    if argument == "none" {
      seconds = nil
    } else {
      guard let number = Double(argument), number >= 0, number.isFinite else { return nil }
      seconds = number > 0 ? number : nil
    }
  }

  var defaultValueDescription: String { seconds.map { Imaging.format($0) } ?? "none" }
}

extension DamagePolicy: ExpressibleByArgument {}

/// A value of `--depth`.
enum DepthChoice: String, CaseIterable, ExpressibleByArgument {
  case keep
  case eight = "8"

  var depth: SampleDepth? { SampleDepth(rawValue: rawValue) }
}

/// A value of `--format`.
enum CopyFormat: String, CaseIterable, ExpressibleByArgument {
  case keep, jpg, png, webp
  case webpLossless = "webp-lossless"
  case tiff, npy, npz

  var format: OutputFormat? {
    switch self {
    case .keep: nil
    case .jpg: .image(.jpeg)
    case .png: .image(.png)
    case .webp, .webpLossless: .image(.webp)
    case .tiff: .image(.tiff)
    case .npy: .array
    case .npz: .archive
    }
  }

  /// Whether a WebP is written without loss; `nil`: as the source.
  var isLossless: Bool? {
    switch self {
    case .webp: false
    case .webpLossless: true
    default: nil
    }
  }
}

/// A value of `--on-error`.
enum ErrorPolicy: String, CaseIterable, ExpressibleByArgument {
  case skip, fail
}

/// The name of a strategy in the catalogue.
struct StrategyName: ExpressibleByArgument, CustomStringConvertible {
  let type: any Strategy.Type

  static var adaptive: StrategyName { StrategyName(type: Adaptive.self) }
  static var splitThreads: StrategyName { StrategyName(type: SplitThreads.self) }
  static var allValueStrings: [String] { StrategyCatalog.all.map { $0.name } }

  private init(type: any Strategy.Type) { self.type = type }

  init?(argument: String) {
    guard let type = StrategyCatalog.type(named: argument) else { return nil }
    self.type = type
  }

  var description: String { type.name }
}
