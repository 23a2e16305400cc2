public import ArgumentParser
public import Imaging
internal import ProcPool
internal import Strategies

struct AugmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "augment", abstract: "Writes augmented copies of all images in a folder.",
    discussion: """
      The tree of INPUT is mirrored in OUTPUT. JPEG and PNG files are told by their content, whatever they are called; \
      a file that cannot be used is reported with its path and the reason, and the rest is done. Every file is written \
      under a temporary name and renamed, so no name stands for half a file. What a copy looks like depends on --seed, \
      the pipeline, the image's path in INPUT and the number of the copy, and on nothing else.

      Strategies: sequential (one process does all), main-reads (the main process decodes each image once, the ranks do \
      the rest), worker-reads (each rank reads what it works on), savers (some ranks only save what the others make), \
      adaptive (whoever is free does what comes next; no more at work than there are cores).
      """)

  @Argument(help: "Folder with images, or a single image.", completion: .directory)
  var input: String

  @Argument(help: "Folder for the copies; made if need be. May be left out with --no-saving.", completion: .directory)
  var output: String?

  @Option(help: ArgumentHelp("Copies of each image.", valueName: "n"))
  var copies = 5

  @Option(help: ArgumentHelp("Processes that work.", valueName: "n"))
  var ranks = Machine.coreCount

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
  var placement = RankPlacement.none

  @Option(help: ArgumentHelp("Write no faster than this, all ranks together, as a slow disk.", valueName: "MB/s"))
  var writeBandwidth: Double?

  @Option(help: ArgumentHelp("Number that decides every draw.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp("Albumentations pipeline, JSON or YAML. (default: see explain)", valueName: "file"),
    completion: .file(extensions: ["json", "yaml", "yml"]))
  var pipeline: String?

  @Flag(help: "Do everything but encode and write, for measurements.")
  var noSaving = false

  @Flag(help: "Copy each image itself to OUTPUT, too.")
  var keepOriginal = false

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

  @Flag(help: "Mirror and turn JPEG files without decoding, where their size allows it; --quality has no effect then.")
  var lossless = false

  @Option(help: ArgumentHelp("Name of a copy, with {stem}, {copy}, {copy:06}, {ext}.", valueName: "template"))
  var name = NameTemplate.defaultText

  @Flag(help: "Write into an OUTPUT that is not empty, over files of the same name.")
  var overwrite = false

  @Option(help: ArgumentHelp("After an image that cannot be used: skip it, or fail.", valueName: "skip|fail"))
  var onError = ErrorPolicy.skip

  @Option(help: ArgumentHelp("Refuse images with more pixels than this.", valueName: "n"))
  var maxPixels = ImageDecoder.defaultMaxPixels

  @Flag(help: "No progress, no summary; only what went wrong.")
  var quiet = false

  @Flag(help: "Print the summary as one JSON object on standard output.")
  var json = false

  func validate() throws {
    // More would be a slip of the finger, and their names alone would fill the memory.
    try require((1...100_000).contains(copies), "--copies must lie between 1 and 100000")
    try require((1...1024).contains(ranks), "--ranks must lie between 1 and 1024")
    try require(chunkSize.map { $0 >= 1 } ?? true, "--chunk-size must be at least 1")
    try require((1...100).contains(quality), "--quality must lie between 1 and 100")
    try require(maxPixels >= 1, "--max-pixels must be at least 1")
    try require(output != nil || noSaving, "OUTPUT is missing; it may be left out with --no-saving only")
    try require(writeBandwidth.map { $0 > 0 && $0.isFinite } ?? true, "--write-bandwidth must be more than 0")
    if let refusal = strategy.type.refusal(of: runOptions) { throw ValidationError(refusal) }
    do throws(NameTemplate.Invalid) {
      _ = try NameTemplate(name)
    } catch {
      throw ValidationError("--name: \(error)")
    }
  }

  func run() throws { try AugmentRun(self).execute() }

  /// What the strategy is told.
  var runOptions: RunOptions {
    var options = RunOptions(ranks: ranks)
    (options.chunkSize, options.savers, options.cores) = (chunkSize, savers, Machine.coreCount)
    (options.placement, options.writeMegabytesPerSecond) = (placement.placement, writeBandwidth)
    return options
  }

  /// How copies are encoded.
  var encoding: EncodingOptions {
    var options = EncodingOptions(quality: quality)
    (options.subsampling, options.metadata, options.jpegDCT) = (subsampling.subsampling, metadata, jpegDCT)
    return options
  }

  private func require(_ condition: Bool, _ text: String) throws {
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

/// What `--placement` may be.
enum RankPlacement: String, CaseIterable, ExpressibleByArgument {
  case none, close, spread

  var placement: Placement {
    switch self {
    case .none: .none
    case .close: .close
    case .spread: .spread
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
