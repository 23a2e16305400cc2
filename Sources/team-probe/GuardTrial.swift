internal import Datasets
internal import Glibc
internal import Imaging
internal import Jobs
internal import Platform
internal import ProcPool
internal import Scenes
internal import Strategies
internal import SystemPackage

/// Runs of images whose decoders are in the wrong hands, under every strategy with workers: each costs its own image, which
/// fails with what happened, and all others are done.
struct GuardTrial {
  private static let (copies, ranks) = (2, 2)

  private let folder: String

  init?() {
    var template = Array("/tmp/team-probe-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { return nil }
    folder = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Those whose workers are forks of this program, which know the job.
  private static var strategies: [any Strategy.Type] {
    StrategyCatalog.all.filter { ($0.decodesInWorkers || $0 == MainReads.self) && $0 != Spawn.self }
  }

  /// - Returns: what is not as it should be; `nil` if nothing is.
  func run() throws -> String? {
    defer { try? Folder.working.removeTree(FilePath(folder)) }
    for mischief in Mischief.allCases {
      for number in 0..<(mischief == .none ? 6 : 1) {
        let image = SceneGenerator(.noise, seed: UInt64(number)).generate(width: 32, height: 24)
        try ImageFile.write(image, to: "\(folder)/in/\(mischief.rawValue)-\(number).jpg", as: .jpeg)
      }
    }
    for strategy in Self.strategies {
      if let fault = try trial(strategy) { return "\(strategy.name): \(fault)" }
    }
    return nil
  }

  private func trial(_ strategy: any Strategy.Type) throws -> String? {
    let output = "\(folder)/\(strategy.name)"
    let run = try makeRun(into: output)
    var how = RunDescription.How(strategy: strategy, ranks: Self.ranks)
    (how.guards.imageSeconds, how.guards.memoryByteCount) = (2, 512 << 20)
    var reasons: [String: Set<String>] = [:]
    var taskCount = 0
    try strategy.init(how, RunControl()).run(run) { task, report in
      taskCount += 1
      reasons[run.plan.image(ofTask: task).path, default: []].insert(report.problem?.reason ?? "done")
    }
    guard taskCount == run.plan.taskCount else { return "\(taskCount) of \(run.plan.taskCount) tasks" }
    for image in run.plan.images {
      let mischief = Mischief(rawValue: String(image.path.prefix { $0 != "-" })) ?? .none
      let seen = reasons[image.path] ?? []
      guard !seen.isEmpty, seen.isSubset(of: mischief.reasons) else { return "\(image.path): \(seen.sorted())" }
    }
    let files = try Folder(FilePath(output)).names().count
    let expected = 6 * Self.copies
    return files == expected ? nil : "\(files) files instead of \(expected)"
  }

  private func makeRun(into output: String) throws -> JobRun<HostileJob> {
    var options = Augment.Options()
    options.copies = Self.copies
    let job = HostileJob(options)
    let what = RunDescription.What(job, OutputNames(try NameTemplate(HostileJob.defaultName)))
    var run = try JobRun(job, what, on: FolderListing("\(folder)/in"))
    run.plan.output = try OutputFolder(output)
    return run
  }
}
