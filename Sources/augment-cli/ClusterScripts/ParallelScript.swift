/// A script that runs tasks by GNU parallel, here or over SSH.
struct ParallelScript {
  private let script: ClusterScript

  init(_ script: ClusterScript) { self.script = script }

  var text: String {
    """
    #!/bin/bash
    # Runs augment-cli \(script.job.job) by GNU parallel: \(script.ranges.taskCount) tasks for \
    \(script.ranges.shardCount) shards, then finishes the output.
    #
    # Start it with bash in the folder that relative paths begin at. Its arguments go to parallel, such as --bar.
    # AUGMENT_CLI names the program if it is not in the search path. Machines that are reached by SSH need the same
    # folders and Bash as login shell.
    #
    # augment-jobs.log has a line for each task that has ended. To do what is missing, start this script again: what is
    # done is not done again, which takes a moment a task. With --resume-failed, what the log calls done is not even
    # looked at.
    set -euo pipefail

    export AUGMENT_CLI=${AUGMENT_CLI:-augment-cli}
    "$AUGMENT_CLI" plan \(ShellText.words(Array(script.job.plan.dropFirst())))

    # A function, because parallel would replace {} and the like in the words of a command.
    run_task() {
      local task=$1
      set -- "$AUGMENT_CLI" \(ShellText.words(script.job.shards))
    \(indented(ShardRunner.text(script.ranges, index: "$task")))
      return "$status"
    }
    export -f run_task
    export PARALLEL_SHELL=/bin/bash

    # The status of parallel counts tasks that failed; finalize finds out what is missing.
    seq 0 \(script.ranges.taskCount - 1) | parallel \(ShellText.words(options)) "$@" run_task || true

    exec "$AUGMENT_CLI" \(ShellText.words(script.job.finalize))

    """
  }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "  \($0)" }.joined(separator: "\n")
  }

  /// One task at a time on each machine, because augment-cli uses every core. --retries counts the first run, too, and
  /// prefers another machine for the next. No end of a task stops the others.
  private var options: [String] {
    let wishes = script.wishes
    var options = ["--jobs", String(wishes.atOnce ?? 1), "--retries", String(ClusterScript.retryCount + 1)]
    options += ["--halt", "never", "--joblog", "augment-jobs.log", "--env", "run_task", "--env", "AUGMENT_CLI"]
    options += ["--termseq", "TERM,\(ClusterScript.graceSeconds * 1000),KILL,25"]
    if let limit = wishes.timeLimitSeconds { options += ["--timeout", String(limit)] }
    if let hosts = wishes.hosts {
      // Without a slash, it would also be looked for in the home folder.
      options += ["--sshloginfile", hosts.contains("/") ? hosts : "./\(hosts)", "--workdir", "."]
    }
    return options
  }
}
