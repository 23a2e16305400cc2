internal import ArgumentParser
internal import Glibc
internal import Platform
internal import SystemPackage

/// A value of `--cluster`: a Dask cluster that runs, or one that is started on this machine for the time of the run.
struct ClusterAddress: ExpressibleByArgument {
  /// For the driver.
  let flags: [String]

  /// "local", "local:4", "dask://host:8786", "tcp://host:8786" or "tls://host:8786".
  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    switch (parts[0], parts.count == 2 ? parts[1] : nil) {
    case ("local", nil): flags = ["--local"]
    case ("local", let count?):
      guard let count = Int(count), (1...1024).contains(count) else { return nil }
      flags = ["--local", String(count)]
    case ("dask", let rest?) where rest.hasPrefix("//"), ("tcp", let rest?) where rest.hasPrefix("//"),
      ("tls", let rest?) where rest.hasPrefix("//"):
      flags = ["--scheduler", argument]
    default: return nil
    }
  }
}

/// The Python program `augment-cluster`, which hands shards to the machines of a cluster and starts this program there.
struct ClusterDriver {
  private let python: FilePath
  /// Where its modules are; `nil`: where Python finds them.
  private let modules: FilePath?

  private static let variable = "AUGMENT_CLUSTER_PYTHON"

  /// Finds the Python that the variable names, or the environment that `make deps-cluster` has made beside this program.
  init() throws(Failure) {
    let program = FilePath("/proc/self/exe").resolved ?? "augment-cli"
    let folders = sequence(first: program.folder) { $0.folder == $0 || $0.isEmpty ? nil : $0.folder }
    let names = ["Cluster", "share/augment-cluster"]  // in the repository; in the archive of make dist
    modules = folders.flatMap { folder in names.map { folder.pushing(FilePath($0)) } }
      .first { Folder.working.holds($0.pushing("augment_cluster")) }
    if let named = Program.environment(Self.variable) {
      python = FilePath(named)
    } else if let found = folders.map({ $0.pushing(".venv-cluster/bin/python") }).first(where: Folder.working.holds) {
      python = found
    } else {
      throw Failure(
        "--cluster needs the Python package augment-cluster: run 'make deps-cluster', or name a Python that has it in "
          + Self.variable)
    }
  }

  /// Becomes the driver.
  /// - Parameter words: the job, its two folders, and its options.
  func run(on cluster: ClusterAddress, shards: Int, _ words: [String], flags: [String]) throws(Failure) {
    if let modules { unsafe setenv("PYTHONPATH", modules.string, 1) }
    let program = FilePath("/proc/self/exe").resolved?.string ?? "augment-cli"
    let arguments =
      ["-m", "augment_cluster", "run"] + cluster.flags + ["--program", program, "--shards", String(shards)] + flags
      + ["--again", CommandText.ofThisProcess, "--"] + words
    let errno = Program.become(python, arguments)
    throw Failure("\(python.string): \(errno)")
  }

  /// The words of a command line without those that the driver has for itself, with the folders in front.
  static func words(of arguments: [String], input: String, output: String) -> [String] {
    var rest = Array(arguments.dropFirst())
    for flag in ["--cluster", "--shards"] {
      if let index = rest.firstIndex(of: flag) { rest.removeSubrange(index...min(index + 1, rest.count - 1)) }
      rest.removeAll { $0.hasPrefix("\(flag)=") }
    }
    rest.removeAll { ["--json", "--quiet", "--"].contains($0) }
    // If an option has the same value, it does not matter which of the two goes.
    for folder in [input, output] {
      if let index = rest.firstIndex(of: folder) { rest.remove(at: index) }
    }
    return [arguments[0], input, output] + rest
  }
}
