import Foundation
import Glibc
import Testing

/// A folder with a script of `cluster-script`, and with programs that stand in for those it calls.
///
/// `augment-cli` keeps its arguments, and ends with the status in the file `status`, the first `failures` times. `sbatch`
/// runs what it is given at once, all elements of an array one after the other.
final class ClusterStubs {
  let workspace: Workspace

  private static let programs = [
    "augment-cli": """
    calls=$(mktemp calls/XXXXXX)
    printf '%s\\0' "$@" > "$calls"
    case $1 in plan | finalize) exit 0 ;; esac
    left=$(cat failures)
    [ "$left" -gt 0 ] || exit 0
    echo $((left - 1)) > failures
    exit "$(cat status)"
    """,
    "sbatch": """
    element=$(mktemp)
    cat > "$element"
    echo "$@" >> options
    export SLURM_ARRAY_JOB_ID=7 SLURMD_NODENAME=here
    last=0
    for option; do case $option in --array=*) last=${option#--array=0-} ;; esac; done
    for ((i = 0; i <= last; i++)); do
      export SLURM_ARRAY_TASK_ID=$i SLURM_RESTART_COUNT=0
      while bash "$element" >&2; [ -e again ]; do
        rm again
        SLURM_RESTART_COUNT=$((SLURM_RESTART_COUNT + 1))
      done
    done
    rm "$element"
    echo "7;cluster"
    """,
    "squeue": """
    case $* in *%T) cat state ;; *) cat excluded ;; esac
    """,
    "scontrol": """
    echo "$@" >> requests
    [ "$1" != requeue ] || touch again
    case $* in update*ExcNodeList=*) echo "${*##*ExcNodeList=}" > excluded ;; esac
    """,
    "aws": """
    for word; do case $word in file://*) cp "${word#file://}" . ;; esac; done
    echo "$@" >> requests
    echo "$2" | tr a-z A-Z
    """,
  ]

  static let hasYAML = installed("python3", "-c", "import yaml")
  static let hasParallel = installed("parallel", "--version")

  private static func installed(_ command: String...) -> Bool {
    (try? ClusterStubs().launch(command, [:]).status) == 0
  }

  /// The documents of a YAML file.
  func yaml(_ file: String) throws -> [[String: Any]] {
    let text = try run(
      "python3", "-c", "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open('\(file)')))))")
    return try #require(try JSONSerialization.jsonObject(with: Data(text.output.utf8)) as? [[String: Any]])
  }

  init(status: Int = 0, failures: Int = 0) throws {
    workspace = try Workspace()
    try workspace.addFolder("calls")
    for (name, text) in Self.programs {
      try workspace.addFile("bin/\(name)", "#!/bin/bash\n\(text)\n")
      try workspace.setMode("bin/\(name)", 0o755)
    }
    for (name, text) in [
      ("status", String(status)), ("failures", String(failures)), ("state", "RUNNING"), ("excluded", "(null)"),
    ] {
      try workspace.addFile(name, "\(text)\n")
    }
  }

  /// Prints the script of an engine into the file `script`.
  func print(_ arguments: [String]) throws {
    let outcome = try Program.run(["cluster-script"] + arguments, in: workspace)
    #expect(outcome.status == 0 && outcome.errorText.isEmpty, "\(outcome.errorText)")
    try workspace.addFile("script", outcome.output)
  }

  /// Runs a command in the folder.
  /// - Returns: its exit status and its output.
  @discardableResult
  func run(_ command: String..., environment: [String: String] = [:]) throws -> (status: Int32, output: String) {
    try launch(command, environment)
  }

  private func launch(_ command: [String], _ environment: [String: String]) throws -> (status: Int32, output: String) {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = URL(filePath: workspace.path)
    process.environment = environment.merging(
      ["PATH": "\(workspace.path)/bin:/usr/local/bin:/usr/bin:/bin", "HOME": workspace.path]
    ) { given, _ in given }
    process.standardInput = FileHandle.nullDevice
    (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
    try Self.withoutBlockedSignals { try process.run() }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  /// The threads of tests block signals, which a program started there inherits, and a shell would wait for ever.
  private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
    var (none, before) = (sigset_t(), sigset_t())
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
  }

  /// Runs a command as a container does.
  /// - Returns: its exit status.
  func run(container command: [String], environment: [String: String] = [:]) throws -> Int32 {
    try launch(command, environment).status
  }

  /// The arguments of every call of `augment-cli`, in no order.
  var calls: [[String]] {
    workspace.tree("calls").files.map { name in
      let words = (workspace.contents("calls/\(name)") ?? Data()).split(separator: 0, omittingEmptySubsequences: false)
      return words.dropLast().map { String(decoding: $0, as: UTF8.self) }
    }
  }

  func lines(_ file: String) -> [String] {
    String(decoding: workspace.contents(file) ?? Data(), as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
