internal import Datasets
internal import Glibc
internal import Imaging
internal import Jobs

/// What the decoder of an image does that is in the wrong hands. The image is named after it.
enum Mischief: String, CaseIterable {
  /// Nothing: the image is copied.
  case none
  case opensFiles, writesFiles, connects, forks
  case runsPrograms, signalsParent
  case crashes, exits, isKilled
  case loops, stops
  case wantsMemory

  /// What the reports of its tasks may say.
  var reasons: Set<String> {
    let isLate = self == .loops || self == .stops
    return isLate ? [reason, "another copy of it took too long"] : [reason]
  }

  private var reason: String {
    switch self {
    case .none: "done"
    case .opensFiles, .writesFiles: Self.reason(EACCES)
    case .connects, .forks: Self.reason(EPERM)
    case .runsPrograms, .signalsParent:
      "the worker was killed by SIGSYS (31), 2 times (a system call that its sandbox forbids)"
    case .crashes: "the worker was killed by SIGSEGV (11), 2 times"
    case .exits: "the worker exited with status 0, 2 times"
    case .isKilled: "the worker was killed by SIGKILL (9), 2 times (out of memory?)"
    case .loops, .stops: "it took longer than 2 s"
    case .wantsMemory: "out of memory"
    }
  }

  private static func reason(_ number: Int32) -> String { "refused with \(number)" }

  /// - Throws: the error number, if it is refused.
  func run() throws(ImagingError) {
    switch self {
    case .none: return
    case .opensFiles: try refused { unsafe open("/etc/passwd", O_RDONLY) }
    case .writesFiles: try refused { unsafe open("/tmp/team-probe-file", O_CREAT | O_WRONLY, 0o600) }
    case .connects: try refused { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
    case .forks: try refused { forked() }
    case .runsPrograms:
      var arguments: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("/bin/true"), nil]
      unsafe execv("/bin/true", &arguments)
    case .signalsParent: kill(getppid(), SIGTERM)
    case .crashes: raise(SIGSEGV)
    case .exits: _exit(0)
    case .isKilled: raise(SIGKILL)
    case .loops: while true {}
    case .stops: raise(SIGSTOP)
    case .wantsMemory:
      var pixels = PixelBuffer()
      try pixels.reshape(to: ImageShape(width: 30_000, height: 30_000, channels: 3))
    }
    throw .failed("it goes on")
  }

  private func refused(_ body: () -> Int32) throws(ImagingError) {
    errno = 0
    if body() < 0 { throw .failed(Self.reason(errno)) }
  }

  /// `fork`, which Swift does not import.
  private func forked() -> Int32 {
    guard let symbol = unsafe dlsym(nil, "fork") else { return 0 }
    return unsafe unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)()
  }
}

/// Copies each image, but does what its name says.
struct HostileJob: Job {
  typealias Options = Augment.Options
  typealias Flags = Augment.Flags

  static let name = "hostile"
  static let abstract = "Does what the names of images say."
  static let discussion = ""
  static let defaultName = "{stem}_{copy}"
  static func studyOptions(copies: Int?, seed: UInt64) -> Options? { nil }

  let options: Options
  init(_ options: Options) { self.options = options }

  var outputsPerSource: Int { options.copies }

  func output(_ number: Int, of source: InputImage, _ names: OutputNames) -> OutputName {
    names.name(of: source, copy: number)
  }

  func makeWorker() -> HostileWorker { HostileWorker() }
}

final class HostileWorker: JobWorker {
  struct Draft: ProductDraft {
    var mischief: Mischief
    var outputShape: ImageShape
  }

  func draft(_ output: PlannedOutput, of source: SourceFacts) -> Draft {
    let name = source.image.path.split(separator: "-").first.map(String.init) ?? ""
    return Draft(mischief: Mischief(rawValue: name) ?? .none, outputShape: source.shape)
  }

  func make(_ draft: Draft, of source: borrowing Image, into product: inout Image) throws(ImagingError) {
    try draft.mischief.run()
    try product.copyRest(of: source)
    try product.color.copy(from: source.color)
  }
}
