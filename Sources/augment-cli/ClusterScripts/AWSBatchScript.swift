/// A script that registers a job definition with AWS Batch, and submits three jobs that follow each other.
struct AWSBatchScript {
  private let script: ClusterScript

  init(_ script: ClusterScript) { self.script = script }

  var text: String {
    """
    #!/bin/bash
    # Runs augment-cli \(script.job.job) on AWS Batch: \(script.ranges.taskCount) jobs of an array for \
    \(script.ranges.shardCount) shards, after a job that plans and before one that finishes the output.
    #
    # Start it with bash where aws works. The image must have augment-cli in its search path, /bin/sh, and no entry point.
    #
    # If a job of the array fails for good, AWS Batch does not start the last job. To do what is missing, start this
    # script again; what is done is not done again.
    set -euo pipefail
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT

    cat > "$work/definition.json" <<'END'
    \(definition)
    END
    cat > "$work/plan.json" <<'END'
    {"command": \(command(ShardRunner.programRunOnce, script.job.plan))}
    END
    cat > "$work/finalize.json" <<'END'
    {"command": \(command(ShardRunner.programRunOnce, script.job.finalize))}
    END

    definition=$(aws batch register-job-definition --cli-input-json "file://$work/definition.json" \
    --query jobDefinitionArn --output text)
    # The part that is the name, then options; prints the number of the job.
    submit() {
      aws batch submit-job --job-name "\(script.wishes.name)-$1" --job-queue \(ShellText.word(script.wishes.queue ?? "")) \\
        --job-definition "$definition" --query jobId --output text "${@:2}"
    }
    plan=$(submit plan --container-overrides "file://$work/plan.json")
    shards=$(submit shards\(array) --depends-on "jobId=$plan")
    finalize=$(submit finalize --container-overrides "file://$work/finalize.json" --depends-on "jobId=$shards")
    echo "plan $plan, shards $shards, finalize $finalize"

    """
  }

  /// An array has two jobs at least; a single job is none.
  private var array: String {
    script.ranges.taskCount > 1 ? " --array-properties size=\(script.ranges.taskCount)" : ""
  }

  private var definition: String {
    let program = ShardRunner.program(script.ranges, index: "${AWS_BATCH_JOB_ARRAY_INDEX:-0}")
    return """
      {
        "jobDefinitionName": \(QuotedString.of(script.wishes.name)),
        "type": "container",
        "containerProperties": {
          "image": \(QuotedString.of(script.wishes.image ?? "")),
          "command": \(command(program, script.job.shards)),
          "resourceRequirements": [
            {"type": "VCPU", "value": "\(script.wishes.cpusPerTask ?? 1)"},
            {"type": "MEMORY", "value": "\(script.wishes.memory ?? 2048)"}
          ],
          "volumes": [{"name": "data", \(volume)}],
          "mountPoints": [{"sourceVolume": "data", "containerPath": \(QuotedString.of(script.wishes.mount))}]
        },
      \(timeout)  "retryStrategy": {
          "attempts": \(ClusterScript.retryCount + 1),
          "evaluateOnExit": [
      \(rules.map { "      \($0)" }.joined(separator: ",\n"))
          ]
        }
      }
      """
  }

  private func command(_ program: String, _ words: [String]) -> String {
    QuotedString.list(["/bin/sh", "-c", program, "sh", "augment-cli"] + words)
  }

  private var volume: String {
    let volume = script.wishes.volume ?? ""
    let quoted = QuotedString.of(volume)
    return volume.hasPrefix("/")
      ? "\"host\": {\"sourcePath\": \(quoted)}"
      : "\"efsVolumeConfiguration\": {\"fileSystemId\": \(quoted)}"
  }

  private var timeout: String {
    script.wishes.timeLimitSeconds.map { "  \"timeout\": {\"attemptDurationSeconds\": \($0)},\n" } ?? ""
  }

  /// At most five; the first that fits decides, and without a last one for all others they would be tried again.
  /// 13*: death by a signal, of which 137 is lack of memory. Host EC2*: the machine is gone.
  private var rules: [String] {
    ["75", "78", "13*"].map { #"{"onExitCode": "\#($0)", "action": "RETRY"}"# } + [
      #"{"onStatusReason": "Host EC2*", "action": "RETRY"}"#,
      #"{"onReason": "*", "action": "EXIT"}"#,
    ]
  }
}
