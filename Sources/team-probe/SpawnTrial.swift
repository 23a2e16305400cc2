internal import Datasets
internal import Glibc
internal import Imaging
internal import Jobs
internal import Platform
internal import ProcPool
internal import Scenes
internal import Strategies
internal import SystemPackage

/// Does a run three times with workers that are this program started again: they outlive each call, and one that is
/// killed between two calls is replaced.
struct SpawnTrial {
  private static let (images, copies, ranks) = (6, 4, 2)

  /// - Returns: what is not as it should be; `nil` if nothing is.
  func run() throws -> String? {
    var template = Array("/tmp/team-probe-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { return "no folder for the images" }
    let folder = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { try? Folder.working.removeTree(FilePath(folder)) }
    for seed in 0..<Self.images {
      let image = SceneGenerator(.noise, seed: UInt64(seed)).generate(width: 64, height: 48)
      try ImageFile.write(image, to: "\(folder)/\(seed).jpg", as: .jpeg)
    }
    return try trial(makeRun(folder))
  }

  private func makeRun(_ folder: String) throws -> JobRun<Augment> {
    var options = Augment.Options()
    options.copies = Self.copies
    let job = Augment(options)
    let what = RunDescription.What(job, OutputNames(try NameTemplate("{stem}_{copy}")))
    var run = try JobRun(job, what, on: FolderListing(folder))
    run.isSaving = false
    return run
  }

  private func trial(_ run: JobRun<Augment>) throws -> String? {
    let workers = SpawnedWorkers(run, RunDescription.How(strategy: Spawn.self, ranks: Self.ranks), RunControl())
    var seen: [[Int32?]] = []
    for call in 1...3 {
      var tasks: Set<Int> = []
      try workers.run { task, report in
        guard report.problem == nil else { return }
        tasks.insert(task)
      }
      guard tasks == Set(0..<run.plan.taskCount) else { return "call \(call): the tasks \(tasks.sorted())" }
      seen.append(workers.workerPIDs)
      if call == 2, let victim = workers.workerPIDs[0] { kill(victim, SIGKILL) }
    }
    guard seen[0].count == Self.ranks, seen[0] == seen[1] else { return "other workers in the second call: \(seen)" }
    guard seen[2][0] != seen[1][0], seen[2][1] == seen[1][1] else { return "the workers of the third call: \(seen)" }
    return nil
  }
}
