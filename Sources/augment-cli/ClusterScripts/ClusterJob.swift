internal import Datasets
internal import Strategies

/// A job whose shards run on many machines: the words after `--` of `cluster-script`.
struct ClusterJob: Equatable {
  let job, input, output: String
  /// The options, without `--shards`.
  let options: [String]
  let shardCount: Int

  static let shardCounts = 1...ShardRange.mostShards

  /// Makes the plan, once for all machines.
  var plan: [String] { ["plan", job, input, output, "--shards", String(shardCount)] + options }
  /// Runs a range of shards, whose numbers follow the last word.
  var shards: [String] { [job, input, output] + options + ["--shard"] }
  /// Completes the output after all shards.
  var finalize: [String] { ["finalize", output] }

  /// - Parameter words: JOB INPUT OUTPUT and options, of which one is `--shards N`.
  init(words: [String]) throws(Invalid) {
    guard let name = words.first else { throw .noJob }
    guard WorkloadCatalog.type(named: name) != nil else { throw .unknownJob(name) }
    guard words.count >= 3, !words[1].hasPrefix("-"), !words[2].hasPrefix("-") else { throw .noFolders }
    (job, input, output) = (name, words[1], words[2])
    (options, shardCount) = try Self.split(Array(words[3...]))
  }

  /// The options without `--shards`, and its value.
  private static func split(_ words: [String]) throws(Invalid) -> ([String], Int) {
    var (options, values): ([String], [String]) = ([], [])
    var rest = words[...]
    while let word = rest.popFirst() {
      let name = String(word.prefix { $0 != "=" })
      guard !["--", "--shard", "--cluster"].contains(name) else { throw .notForMany(name) }
      if name != "--shards" {
        options.append(word)
      } else if name == word {
        values.append(rest.popFirst() ?? "")
      } else {
        values.append(String(word.dropFirst(name.count + 1)))
      }
    }
    guard values.count == 1 else { throw values.isEmpty ? .noShards : .shardsTwice }
    guard let count = Int(values[0]), shardCounts.contains(count) else { throw .badShards(values[0]) }
    return (options, count)
  }

  enum Invalid: Error, Equatable {
    case noJob, noFolders, noShards, shardsTwice
    case unknownJob(String)
    case notForMany(String)
    case badShards(String)
  }
}

extension ClusterJob.Invalid: CustomStringConvertible {
  var description: String {
    switch self {
    case .noJob: "after -- comes the job: -- JOB INPUT OUTPUT --shards N"
    case .noFolders: "after the job come INPUT and OUTPUT, then the options; write ./-x for a folder named -x"
    case .noShards: "--shards N is missing: it says into how many parts the work is divided"
    case .shardsTwice: "--shards is given twice"
    case .unknownJob(let name):
      "unknown job '\(name)'; the jobs are \(WorkloadCatalog.all.map { $0.name }.joined(separator: ", "))"
    case .notForMany("--"): "a second -- among the words of the job"
    case .notForMany(let name): "\(name): the script says itself which machine does what; leave it out"
    case .badShards(let value):
      "--shards: '\(value)' is no number from \(ClusterJob.shardCounts.lowerBound) to "
        + "\(ClusterJob.shardCounts.upperBound)"
    }
  }
}

/// Shards as ranges of consecutive ones, as equal as can be. An engine starts a task for each.
package struct ShardRanges: Equatable {
  package let shardCount, taskCount: Int

  /// - Returns: `nil` if `perTask` shards a task make more tasks than `limit`.
  /// - Parameter perTask: at most so many; `nil`: as few as the limit allows.
  package init?(shardCount: Int, perTask: Int?, limit: Int) {
    let count = perTask.map { (shardCount - 1) / $0 + 1 } ?? min(shardCount, limit)
    guard count <= limit else { return nil }
    (self.shardCount, taskCount) = (shardCount, count)
  }
}
