public import ArgumentParser
internal import Imaging
internal import Platform
public import ProcPool
internal import Strategies

/// How a job is run and its files are written: what the commands of all jobs have in common.
struct RunFlags: ParsableArguments {
  @Option(help: ArgumentHelp("Processes that work.", valueName: "n"))
  var ranks = min(Cores.available, Self.mostRanks)

  @Option(help: ArgumentHelp("Who reads, transforms and writes.", valueName: "name"))
  var strategy = StrategyName.workerReads

  @Option(
    help: ArgumentHelp(
      "Tasks per message to a rank that reads for itself: worker-reads and savers. (default: the copies of one image)",
      valueName: "n"))
  var chunkSize: Int?

  @Option(help: ArgumentHelp("Ranks of savers that only save. (default: about the root of --ranks)", valueName: "n"))
  var savers: Int?

  @Option(
    help: ArgumentHelp("Processors of the ranks: any, neighbours first, or far apart.", valueName: "none|close|spread"))
  var placement = Placement.none

  @Option(help: ArgumentHelp("Write no faster than this, all ranks together, as a slow disk.", valueName: "MB/s"))
  var writeBandwidth: Bandwidth?

  @Flag(help: "Do everything but encode and write, for measurements.")
  var noSaving = false

  @Option(help: ArgumentHelp("Format of the copies.", valueName: "format"))
  var format = CopyFormat.keep

  @Option(help: ArgumentHelp("JPEG quality, 1 to 100.", valueName: "n"))
  var quality = ImageEncoder.defaultQuality

  @Option(
    name: .customLong("jpeg-dct"),
    help: ArgumentHelp("JPEG arithmetic: exact, or fast for processors where that is slow.", valueName: "exact|fast"))
  var jpegDCT = JPEGDCT.exact

  @Option(
    help: ArgumentHelp(
      "Colour differences of JPEG copies: as those of the source (4:2:0 where that is no JPEG), all, half, or a quarter.",
      valueName: "keep|444|422|420"))
  var subsampling = SubsamplingChoice.keep

  @Option(
    help: ArgumentHelp(
      """
      What copies keep of the metadata: nothing; what the colours mean (ICC profile, the colour tags of EXIF, cICP, cHRM, \
      gAMA and sRGB of PNG); or EXIF, XMP and density, too. Dropped in any case: orientation, which the pixels take on, \
      thumbnails, maker's notes, comments. A JPEG has no place for the tags of a PNG.
      """, valueName: "none|colour|all"))
  var metadata = MetadataChoice.colour

  @Flag(help: "Write into an OUTPUT that is not empty, over files of the same name.")
  var overwrite = false

  @Flag(help: "Follow links to folders in INPUT, as links to files always are.")
  var followLinks = false

  @Option(help: ArgumentHelp("After an image that cannot be used: skip it, or fail.", valueName: "skip|fail"))
  var onError = ErrorPolicy.skip

  @Option(help: ArgumentHelp("Refuse images with more pixels than this.", valueName: "n"))
  var maxPixels = ImageDecoder.defaultMaxPixels

  @Flag(help: "No progress, no summary; only what went wrong.")
  var quiet = false

  @Flag(help: "Print the summary as one JSON object on standard output.")
  var json = false

  func validate() throws {
    // More would be a slip of the finger.
    try require((1...Self.mostRanks).contains(ranks), "--ranks must lie between 1 and \(Self.mostRanks)")
    try require(chunkSize.map { $0 >= 1 } ?? true, "--chunk-size must be at least 1")
    try require((1...100).contains(quality), "--quality must lie between 1 and 100")
    try require(maxPixels >= 1, "--max-pixels must be at least 1")
    if let refusal = strategy.type.refusal(of: how) {
      throw ValidationError(savers == nil ? refusal : "--savers: \(refusal)")
    }
  }

  private static let mostRanks = 1024

  var how: RunDescription.How {
    var how = RunDescription.How(strategy: strategy.type, ranks: ranks)
    (how.chunkSize, how.savers, how.cores) = (chunkSize, savers, Cores.available)
    (how.placement, how.writeMegabytesPerSecond) = (placement, writeBandwidth?.megabytesPerSecond)
    return how
  }

  var files: ImageFileOptions {
    var files = ImageFileOptions()
    files.maxPixels = maxPixels
    (files.encoding.quality, files.encoding.subsampling) = (quality, subsampling.subsampling)
    (files.encoding.metadata, files.encoding.jpegDCT) = (metadata, jpegDCT)
    return files
  }
}

extension ParsableArguments {
  /// Refuses a command line unless `condition` holds.
  func require(_ condition: Bool, _ text: String) throws {
    if !condition { throw ValidationError(text) }
  }
}

extension JPEGDCT: ExpressibleByArgument {}

extension MetadataChoice: ExpressibleByArgument {}

/// What `--subsampling` may be.
enum SubsamplingChoice: String, CaseIterable, ExpressibleByArgument {
  case keep
  case full = "444"
  case half = "422"
  case quarter = "420"

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

/// A speed of writing, more than 0.
struct Bandwidth: ExpressibleByArgument {
  /// Of a million bytes.
  let megabytesPerSecond: Double

  init?(argument: String) {
    guard let number = Double(argument), number > 0, number.isFinite else { return nil }
    megabytesPerSecond = number
  }
}

/// What `--format` may be.
enum CopyFormat: String, CaseIterable, ExpressibleByArgument {
  case keep, jpg, png

  var format: ImageFormat? {
    switch self {
    case .keep: nil
    case .jpg: .jpeg
    case .png: .png
    }
  }
}

/// What `--on-error` may be.
enum ErrorPolicy: String, CaseIterable, ExpressibleByArgument {
  case skip, fail
}

/// The name of a strategy that there is.
struct StrategyName: ExpressibleByArgument, CustomStringConvertible {
  let type: any Strategy.Type

  static var workerReads: StrategyName { StrategyName(type: WorkerReads.self) }
  static var allValueStrings: [String] { StrategyCatalog.all.map { $0.name } }

  private init(type: any Strategy.Type) { self.type = type }

  init?(argument: String) {
    guard let type = StrategyCatalog.type(named: argument) else { return nil }
    self.type = type
  }

  var description: String { type.name }
  var defaultValueDescription: String { type.name }
}
