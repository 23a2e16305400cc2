/// What a task does on its machine, as text for a POSIX shell: the same under all engines.
enum ShardRunner {
  /// Runs the command in `"$@"`, which ends in `--shard`, with the range of task `index`, and leaves its exit status in
  /// `status`.
  ///
  /// The range is exact in integers: task i of t has the shards from ⌊i·n/t⌋ to below ⌊(i+1)·n/t⌋.
  ///
  /// The shell stays, because it has to look at the status, so it passes SIGTERM on. `wait` returns at the signal, before
  /// the command has ended, and is then called again. The signal may also come before the command has started.
  static func text(_ ranges: ShardRanges, index: String) -> String {
    """
    index=\(index) tasks=\(ranges.taskCount) shards=\(ranges.shardCount)
    first=$((index * shards / tasks))
    last=$(((index + 1) * shards / tasks - 1))
    range=$first-$last
    [ "$first" -lt "$last" ] || range=$first

    child='' stopped=''
    trap 'stopped=yes; [ -z "$child" ] || kill -TERM "$child"' TERM
    "$@" "$range/$shards" &
    child=$!
    [ -z "$stopped" ] || kill -TERM "$child"
    status=0
    wait "$child" || status=$?
    while [ -n "$stopped" ] && [ "$status" -gt 128 ]; do
      stopped='' status=0
      wait "$child" || status=$?
    done
    \(countsAsDone)
    """
  }

  /// The text for `sh -c`, which takes the command as arguments: so its words need no quoting.
  static func program(_ ranges: ShardRanges, index: String) -> String {
    "\(text(ranges, index: index))\nexit \"$status\"\n"
  }

  /// The same for a command that is run once, and whose end by SIGTERM is not waited for.
  static var programRunOnce: String { "status=0\n\"$@\" || status=$?\n\(countsAsDone)\nexit \"$status\"\n" }

  private static var countsAsDone: String {
    """
    # 1: done, some images are bad, which are in the record of the run. Running it again would change nothing.
    [ "$status" -ne 1 ] || status=0
    """
  }
}
