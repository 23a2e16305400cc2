internal import Datasets
internal import Imaging
internal import Jobs
internal import Platform
internal import ProcPool
internal import Strategies
internal import Studies

/// An error that ends the program: a sentence for the user and an exit status.
struct Failure: Error, CustomStringConvertible {
  let description: String
  let status: ExitStatus

  init(_ description: String, _ status: ExitStatus = .runFailed) {
    (self.description, self.status) = (description, status)
  }

  /// A failure to use the image or file at `path`.
  init(at path: String, _ error: any Error) {
    self.init("\(path): \((error as? FileError)?.reason ?? String(describing: error))", ExitStatus(of: error))
  }

  /// `error` as a sentence, which ends with what helps, if anything does.
  init(of error: any Error) {
    self = (error as? Failure) ?? Failure("\(error)\(Self.remedy(error))", ExitStatus(of: error))
  }

  static func noImages(in input: String) -> Failure { Failure("\(input): no images here") }

  /// Calls `body` and converts its error into a `Failure`.
  static func telling<Value>(_ body: () throws -> Value) throws(Failure) -> Value {
    do {
      return try body()
    } catch {
      throw Failure(of: error)
    }
  }

  /// Runs `body`, whose errors are about the file at `path`.
  static func telling<Value: ~Copyable>(at path: String, _ body: () throws -> Value) throws(Failure) -> Value {
    do {
      return try body()
    } catch {
      throw Failure(at: path, error)
    }
  }
}

extension FolderListing {
  /// Lists a folder that must hold an image, or a file that should be one.
  static func ofInput(
    _ path: String, followsLinks: Bool = false, knowing earlier: [InputImage] = []
  ) throws(Failure) -> FolderListing {
    let listing: FolderListing
    do throws(FileError) {
      listing = try FolderListing(path, followsLinks: followsLinks, knowing: earlier)
    } catch {
      throw Failure(at: path, error)
    }
    guard !listing.images.isEmpty || !listing.problems.isEmpty else { throw Failure.noImages(in: path) }
    return listing
  }
}

// MARK: Remedies

extension Failure {
  /// What helps against `error`, with the punctuation before it; empty if nothing is known.
  private static func remedy(_ error: any Error) -> String {
    switch error {
    case let error as Plan.Collision: ": \(error.remedy)"
    case OutputFolder.Refusal.notEmpty: ": name another folder, or give --overwrite to replace files of the same name"
    case let error as StudyError: error.remedy
    case is SharedMemoryShortage: ": try fewer ranks"
    case TarError.noLibrary: ": install libarchive, in Debian the package libarchive13"
    case is HTTPClient.Unavailable: ": install libcurl, in Debian the package libcurl4"
    case let error as FileError where error.lacksRename:
      "; its file system renames no files, as mounts of object stores do not: name another folder, or the URL of the store "
        + "with --cluster"
    case WatermarkError.text(let error): error.remedy
    case let error as TextError: error.remedy
    case let error as PipelineError: error.remedy
    default: ""
    }
  }
}

extension StudyError {
  fileprivate var remedy: String {
    switch keptRun {
    case .resumable: ": give --resume to continue it, or name another folder"
    case .ofAnotherPlan: "; name another folder"
    case nil: ""
    }
  }
}

extension PipelineError {
  fileprivate var remedy: String {
    guard case .missing(let classes) = reason, classes.allSatisfy(\.isKnownToBeMissing) else { return "" }
    return "; --skip-unknown leaves \(classes.count == 1 ? "it" : "them") out"
  }
}

extension TextError {
  /// The Debian packages that help.
  fileprivate var remedy: String {
    switch self {
    case .noLibrary: ": install the package libpangocairo-1.0-0"
    case .noFont: ": install fonts, such as the package fonts-dejavu-core"
    case .undrawable(let scalars):
      if scalars.contains(where: \.properties.isEmojiPresentation) {
        ": install a font that has them, such as the package fonts-noto-color-emoji"
      } else if scalars.contains(where: \.isEastAsian) {
        ": install a font that has them, such as the package fonts-noto-cjk"
      } else {
        ": install a font that has them"
      }
    default: ""
    }
  }
}

extension Unicode.Scalar {
  /// Ideographs, kana, Hangul and what stands with them.
  fileprivate var isEastAsian: Bool {
    properties.isIdeographic || (0x2E80...0xA4CF).contains(value) || (0xAC00...0xD7FF).contains(value)
  }
}

extension Plan.Collision {
  /// How to make the names differ; `AdviceTests` tries each text.
  fileprivate var remedy: String {
    if isFolder { return "choose another --name" }
    if isOfOneImage { return "choose a --name that contains {copy}" }
    guard Self.stem(first) == Self.stem(second) else {
      return "choose a --name with a separator between {stem} and {copy}"
    }
    let rename = "rename one of the images"
    return Self.keptEnding(first) == Self.keptEnding(second) ? rename : "give --format keep, or \(rename)"
  }

  /// The extension that copies of a file have with --format keep.
  private static func keptEnding(_ path: String) -> Substring {
    let ending = path.lastPathComponent.split(separator: ".").last ?? ""
    let format = ImageFormat(fileExtension: String(ending))
    return format.map { $0.ofCopies == $0 } ?? true ? ending : Substring(ImageFormat.png.fileExtensions[0])
  }

  private static func stem(_ path: String) -> Substring {
    let name = path.lastPathComponent
    return name.lastIndex(of: ".").map { name[..<$0] } ?? name[...]
  }
}

// MARK: Exit status

/// The exit status of the program. 64, 75 and 78 are `EX_USAGE`, `EX_TEMPFAIL` and `EX_CONFIG` of sysexits.h; 128 plus the
/// signal is what a shell reports.
enum ExitStatus {
  case done, someImagesFailed, runFailed, wrongUsage, tryAgain
  /// What is wrong is this machine, such as a folder that it does not see, or another version.
  case cannotHere
  case stopped(signal: Int32)

  var code: Int32 {
    switch self {
    case .done: 0
    case .someImagesFailed: 1
    case .runFailed: 2
    case .wrongUsage: 64
    case .tryAgain: 75
    case .cannotHere: 78
    case .stopped(let signal): 128 + signal
    }
  }
}

extension ExitStatus {
  /// The status for an error that ends the program: a signal's, `wrongUsage` if options exclude each other, `tryAgain` if
  /// a resource ran out, else `runFailed`.
  init(of error: any Error) {
    if let signal = Self.signal(of: error) {
      self = .stopped(signal: signal)
    } else if error is JobRefusal {
      self = .wrongUsage
    } else if error is HTTPClient.Unavailable {
      self = .cannotHere
    } else if case TarError.noLibrary = error {
      self = .cannotHere
    } else if (error as? FileError)?.lacksRename == true {
      self = .cannotHere
    } else {
      self = Self.isShortage(error) ? .tryAgain : .runFailed
    }
  }

  private static func signal(of error: any Error) -> Int32? {
    switch error {
    case PoolError.stopped(let signal): signal
    case let error as StudyError: error.signal
    default: nil
    }
  }

  private static func isShortage(_ error: any Error) -> Bool {
    switch error {
    // What a disk or a server has refused, it may take later.
    case let error as FileError: error.isShortage || error.isLoss && error.errno != nil
    case OutputFolder.Refusal.unusable(let error): error.isShortage
    case URLList.Invalid.unreadable(let error): error.isShortage
    case let error as ImagingError: error == .outOfMemory
    case let error as WatermarkError: error.isShortage
    case let error as PipelineError: error.reason == .outOfMemory
    case let error as LabelError: error.isShortage
    case let error as TarError: error.isShortage
    case PoolError.taskFailed(let failure): failure.error.map { isShortage($0) } ?? false
    case let error as PoolError: error.isShortage
    case let error as WorkloadError: error.isShortage
    case let error as StudyError: error.isShortage
    default: error is SharedMemoryShortage
    }
  }
}
