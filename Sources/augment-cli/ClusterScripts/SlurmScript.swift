/// A script that submits an array of jobs to Slurm, and a job that follows it.
struct SlurmScript {
  private let script: ClusterScript

  init(_ script: ClusterScript) { self.script = script }

  var text: String {
    """
    #!/bin/bash
    # Runs augment-cli \(script.job.job) on Slurm: \(script.ranges.taskCount) elements of an array for \
    \(script.ranges.shardCount) shards, then a job that finishes the output.
    #
    # Start it with bash where sbatch works, in the folder that relative paths begin at. Its arguments go to sbatch, such
    # as --account=ACCOUNT. AUGMENT_CLI names the program if it is not in the search path of every node.
    #
    # augment-cli status tells how far it is. If the last job ends with 75, shards are missing, and its log names them:
    # start this script again; what is done is not done again.
    set -euo pipefail

    \(program) \(ShellText.words(script.job.plan))
    mkdir -p augment-logs

    IFS= read -r -d '' element <<'END' || true
    \(element)
    END
    IFS= read -r -d '' last <<'END' || true
    #!/bin/bash
    set -- \(program) \(ShellText.words(script.job.finalize))
    \(ShardRunner.programRunOnce)END

    array=$(sbatch --parsable \(ShellText.words(arrayOptions)) "$@" <<< "$element")
    array=${array%%;*}
    # After the end of every element, whatever it was: finalize itself finds out what is missing.
    finalize=$(sbatch --parsable --dependency="afterany:$array" \(ShellText.words(lastOptions)) "$@" <<< "$last")
    echo "array $array, then job ${finalize%%;*}; logs in augment-logs"

    """
  }

  private var program: String { #""${AUGMENT_CLI:-augment-cli}""# }

  private var element: String {
    """
    #!/bin/bash
    # An element of the array runs a range of shards.
    set -- \(program) \(ShellText.words(script.job.shards))
    \(ShardRunner.text(script.ranges, index: "$SLURM_ARRAY_TASK_ID"))

    \(requeue)
    exit "$status"
    """
  }

  /// Slurm requeues by itself what a lost node ran; the rest is here. 128 and above is death by a signal, ours before
  /// the time limit included.
  ///
  /// An element that was cancelled is no longer RUNNING, and must not come back. Requeueing ends this script, after a
  /// SIGTERM and a while, in which the node is excluded: that is possible only for what waits.
  private var requeue: String {
    """
    if [ "$status" -eq 75 ] || [ "$status" -eq 78 ] || [ "$status" -gt 128 ]; then
      id=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
      state=$(squeue --noheader --jobs="$id" --format=%T)
      echo "shards $range/$shards: status $status on $SLURMD_NODENAME, $state, run $((${SLURM_RESTART_COUNT:-0} + 1))" >&2
      if [ "${SLURM_RESTART_COUNT:-0}" -lt \(ClusterScript.retryCount) ] && [ "$state" = RUNNING ]; then
        trap '' TERM
        scontrol requeue "$id" || exit "$status"
        if [ "$status" -eq 78 ]; then
          excluded=$(squeue --noheader --jobs="$id" --format=%x)
          case $excluded in '' | '(null)') ;; *) excluded=$excluded, ;; esac
          scontrol update "JobId=$id" "ExcNodeList=$excluded$SLURMD_NODENAME"
        fi
      fi
    fi
    """
  }

  private var arrayOptions: [String] {
    let wishes = script.wishes
    var options = ["--job-name=\(wishes.name)"]
    options.append("--array=0-\(script.ranges.taskCount - 1)" + (wishes.atOnce.map { "%\($0)" } ?? ""))
    // To the shell of the script, which passes it on; a requeued element appends to its log.
    options += ["--requeue", "--signal=B:TERM@\(ClusterScript.graceSeconds)", "--open-mode=append"]
    options.append("--output=augment-logs/%A_%a.txt")
    if let cpus = wishes.cpusPerTask { options.append("--cpus-per-task=\(cpus)") }
    if let memory = wishes.memory { options.append("--mem=\(memory)M") }
    // Slurm counts in minutes.
    if let limit = wishes.timeLimitSeconds { options.append("--time=\((limit + 59) / 60)") }
    return options + queueOptions
  }

  private var lastOptions: [String] {
    ["--job-name=\(script.wishes.name)-finalize", "--output=augment-logs/%j-finalize.txt"] + queueOptions
  }

  private var queueOptions: [String] { script.wishes.queue.map { ["--partition=\($0)"] } ?? [] }
}
