/// Three Jobs of Kubernetes: one that plans, an indexed one with a pod for each range of shards, one that finishes.
struct KubernetesScript {
  private let script: ClusterScript

  init(_ script: ClusterScript) { self.script = script }

  /// Most pods at once if nothing else is wished: each pod that waits for a node costs the scheduler time.
  private static let podsAtOnce = 100

  var text: String {
    ([comment] + [plan, shards, finalize].map { "---\n\($0)" }).joined()
  }

  private var name: String { script.wishes.name }

  private var comment: String {
    """
    # Runs augment-cli \(script.job.job) on Kubernetes 1.33 or newer: \(script.ranges.taskCount) pods for \
    \(script.ranges.shardCount) shards.
    #
    # With FILE for the name of this file, one after the other:
    #   kubectl apply --filename FILE
    #   kubectl wait --for=condition=complete --timeout=24h job/\(name)-plan
    #   kubectl patch job \(name)-shards --patch '{"spec": {"suspend": false}}'
    #   kubectl wait --for=condition=complete --timeout=240h job/\(name)-shards
    #   kubectl patch job \(name)-finalize --patch '{"spec": {"suspend": false}}'
    #   kubectl logs job/\(name)-finalize
    #
    # If finalize ends with 75, shards are missing, and it names them. To do what is missing, delete the Jobs and begin
    # again; what is done is not done again:
    #   kubectl delete --filename FILE

    """
  }

  /// A failure of the cluster is tried again; what augment-cli refuses it refuses again.
  private var plan: String { job("plan", isSuspended: false, rules: noRetryOfUsage, script.job.plan) }

  private var finalize: String { job("finalize", isSuspended: true, rules: noRetryOfUsage, script.job.finalize) }

  private func job(_ part: String, isSuspended: Bool, rules: String, _ words: [String]) -> String {
    """
    \(head(part))
      suspend: \(isSuspended)
      backoffLimit: \(ClusterScript.retryCount)
    \(rules)
    \(template(command(ShardRunner.programRunOnce, words), limit: nil))

    """
  }

  private var shards: String {
    let tasks = script.ranges.taskCount
    return """
      \(head("shards"))
        # Until the plan is made.
        suspend: true
        completionMode: Indexed
        completions: \(tasks)
        parallelism: \(min(tasks, script.wishes.atOnce ?? Self.podsAtOnce))
        # A range of shards that fails for good does not stop the others.
        backoffLimitPerIndex: \(ClusterScript.retryCount)
      \(rulesOfShards)
      \(template(command(runner, script.job.shards), limit: script.wishes.timeLimitSeconds))

      """
  }

  private func head(_ part: String) -> String {
    """
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: \(name)-\(part)
    spec:
    """
  }

  private var noRetryOfUsage: String {
    """
      podFailurePolicy:
        rules:
          - action: Ignore
            onPodConditions:
              - {type: DisruptionTarget, status: "True"}
          - action: FailJob
            onExitCodes: {operator: In, values: [64]}
    """
  }

  /// 75 and 78 are counted, not ignored: an ignored failure is tried again for ever, and on the same node if that has
  /// room.
  private var rulesOfShards: String {
    """
    \(noRetryOfUsage)
          - action: Count
            onExitCodes: {operator: In, values: [75, 78]}
    """
  }

  /// The items of a command, whose words are not expanded: Kubernetes replaces `$(NAME)`, and `$$` by `$`.
  private func list(_ words: [String]) -> String {
    words.map { "            - \(QuotedString.of(Self.unexpanded($0)))" }.joined(separator: "\n")
  }

  private var runner: String { ShardRunner.program(script.ranges, index: "$JOB_COMPLETION_INDEX") }

  /// The program for the shell as a block of lines, for people to read, then words of `augment-cli`.
  private func command(_ program: String, _ words: [String]) -> String {
    let lines = Self.unexpanded(program).split(separator: "\n", omittingEmptySubsequences: false)
    let block = lines.map { $0.isEmpty ? "" : "              \($0)" }.joined(separator: "\n")
    return """
      \(list(["/bin/sh", "-c"]))
                  # Kubernetes reads $$ as $.
                  - |
      \(block)\(list(["sh", "augment-cli"] + words))
      """
  }

  private static func unexpanded(_ word: String) -> String {
    String(word.flatMap { $0 == "$" ? "$$" : String($0) })
  }

  private func template(_ command: String, limit: Int?) -> String {
    """
      template:
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: \(ClusterScript.graceSeconds)
    \(limit.map { "      activeDeadlineSeconds: \($0)\n" } ?? "")      containers:
            - name: augment
              image: \(QuotedString.of(script.wishes.image ?? ""))
              command:
    \(command)
    \(resources)          volumeMounts:
                - name: data
                  mountPath: \(QuotedString.of(script.wishes.mount))
          volumes:
            - name: data
              persistentVolumeClaim:
                claimName: \(QuotedString.of(script.wishes.volume ?? ""))
    """
  }

  /// The processors and the memory that a pod asks for; it may use no more memory than that.
  private var resources: String {
    let cpu = script.wishes.cpusPerTask.map { "cpu: \($0)" }
    let memory = script.wishes.memory.map { "memory: \($0)Mi" }
    let requests = [cpu, memory].compactMap { $0 }.joined(separator: ", ")
    guard !requests.isEmpty else { return "" }
    let limits = memory.map { "            limits: {\($0)}\n" } ?? ""
    return "          resources:\n            requests: {\(requests)}\n\(limits)"
  }
}
