/// What starts tasks on many machines.
package enum ClusterEngine: String, CaseIterable {
  case slurm, kubernetes
  case awsBatch = "aws-batch"
  case parallel

  /// Most tasks of one job. Slurm: its default MaxArraySize, 1001, is one more than the last index. Kubernetes: most
  /// completions with a limit of failures for each index. AWS Batch: largest array. GNU parallel has none.
  package var taskLimit: Int {
    switch self {
    case .slurm: 1001
    case .kubernetes: 100_000
    case .awsBatch: 10_000
    case .parallel: ClusterJob.shardCounts.upperBound
    }
  }

  /// Whether tasks run in containers, which see only what is mounted.
  var usesContainers: Bool { self == .kubernetes || self == .awsBatch }

  func text(_ script: ClusterScript) -> String {
    switch self {
    case .slurm: SlurmScript(script).text
    case .kubernetes: KubernetesScript(script).text
    case .awsBatch: AWSBatchScript(script).text
    case .parallel: ParallelScript(script).text
    }
  }
}

/// What the script of any engine is made of.
struct ClusterScript {
  /// Runs after the first, if one ends because of its machine.
  static let retryCount = 4
  /// From SIGTERM to SIGKILL: a shard in progress ends or is given up in that time.
  static let graceSeconds = 60

  let job: ClusterJob
  let ranges: ShardRanges
  var wishes = Wishes()

  /// What the user may wish; an engine uses what it knows.
  struct Wishes {
    /// Of the engine's jobs; letters, digits and hyphens.
    var name = "augment"
    /// Tasks at the same time; with GNU parallel on each machine.
    var atOnce: Int?
    var cpusPerTask: Int?
    /// Mebibytes a task.
    var memory: Int?
    /// Of one task.
    var timeLimitSeconds: Int?
    /// A partition of Slurm, a queue of AWS Batch.
    var queue: String?
    var image: String?
    /// A claim of Kubernetes; a file system of EFS, or a folder of the machine.
    var volume: String?
    /// Where containers see the volume.
    var mount = "/data"
    /// A file that names a machine a line.
    var hosts: String?
  }
}
