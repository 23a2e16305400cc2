import Foundation
import Glibc
import Testing

/// An unusual state of the machine or of the environment that starts the program.
struct StartState: CustomTestStringConvertible, Sendable {
  var testDescription: String
  /// A shell script that runs the program, `"$@"`, in that state.
  var script: String
  var arguments = ["augment", "in", "out", "--copies", "2"]
  /// Permitted exit statuses.
  var statuses: Set<Int32> = [0]
  /// Whether standard error has a reader.
  var isHeard = true

  init(_ name: String, _ script: String) { (testDescription, self.script) = (name, script) }

  /// The same state with other permitted exit statuses, for runs that may be refused.
  func endingIn(_ statuses: Int32...) -> StartState {
    var state = self
    state.statuses = Set(statuses)
    return state
  }

  static let plain = [
    StartState("an empty environment", "exec env -i \"$@\""),
    StartState("no name", "exec -a '' \"$@\""),
    StartState("a name that is no path", "exec -a augment \"$@\""),
    StartState("children are not waited for", "trap '' CHLD; exec \"$@\""),
    StartState("a small stack", "ulimit -s 256; exec \"$@\""),
    StartState("no core files and no more processes", "ulimit -c 0; ulimit -u 1; exec \"$@\"").endingIn(0, 75),
    StartState("one processor", "exec taskset -c \"$(taskset -pc $$ | sed 's/.*[ ,-]//')\" \"$@\""),
    StartState("no files may be written", "ulimit -f 0; exec \"$@\"").endingIn(1, 2, 75).unheard,
    StartState("the working folder is gone", "mkdir gone; cd gone; rmdir ../gone; exec \"$@\"").endingIn(2),
    StartState(
      "the working folder is gone, and not needed",
      "here=$PWD; mkdir gone; cd gone; rmdir ../gone; exec \"$1\" augment \"$here/in\" \"$here/out\" --copies 2"),
  ]

  /// Every combination of closed standard descriptors.
  static let closed = (1...7).flatMap { set in
    [false, true].map { json in
      let closing = (0...2).filter { set & 1 << $0 != 0 }.map { $0 == 0 ? "<&-" : "\($0)>&-" }.joined(separator: " ")
      var state = StartState("\(closing)\(json ? " with a summary" : "")", "exec \"$@\" \(closing)")
      if json { state.arguments.append("--json") }
      state.isHeard = set & 4 == 0
      // A summary that cannot be written is a failed run.
      return json && set & 2 != 0 ? state.endingIn(2) : state
    }
  }

  /// In a mount namespace that ends with the run.
  static let mounted = [
    StartState("no /proc", "umount -l /proc; exec \"$@\""),
    StartState("no /proc and one descriptor closed", "umount -l /proc; exec \"$@\" <&-"),
    StartState("no /dev", "mount -t tmpfs none /dev; exec \"$@\" <&- >&- 2>&-").unheard,
    StartState("no /sys", "umount -R -l /sys; exec \"$@\""),
  ]

  private var unheard: StartState {
    var state = self
    state.isHeard = false
    return state
  }

  /// The loader itself needs some descriptors; without them it reports its own error and exits with 127.
  static let fewDescriptors = [3, 4, 5, 6, 7, 8, 10, 14].map { limit in
    StartState("\(limit) descriptors", "ulimit -n \(limit); exec \"$@\"").endingIn(0, 1, 2, 75, 127)
  }
}

struct StartTests {
  @Test(arguments: StartState.plain + StartState.closed + StartState.fewDescriptors)
  func runIsDoneOrSaysWhyNotHoweverItIsStarted(state: StartState) throws {
    try expectDoneOrSaid(state, prefix: ["bash", "-c", state.script, "bash"])
  }

  private static let namespace =
    geteuid() == 0 ? ["unshare", "--mount"] : ["unshare", "--user", "--map-root-user", "--mount"]

  private static let mayMount: Bool = {
    guard let workspace = try? Workspace() else { return false }
    let outcome = try? Program.run([], in: workspace, prefix: namespace + ["sh", "-c", "umount -l /proc", "sh"])
    return outcome?.status == 0
  }()

  @Test(.enabled(if: mayMount, "mounting is not permitted here"), arguments: StartState.mounted)
  func runIsDoneWhateverIsNotMounted(state: StartState) throws {
    try expectDoneOrSaid(state, prefix: Self.namespace + ["bash", "-c", state.script, "bash"])
  }

  private func expectDoneOrSaid(_ state: StartState, prefix: [String]) throws {
    let workspace = try Workspace(images: 1)
    let outcome = try Program.run(state.arguments, in: workspace, prefix: prefix)
    #expect(state.statuses.contains(outcome.status), "\(outcome.status): \(outcome.errorText)")
    let tree = workspace.tree("out")
    #expect(tree.temporaries.isEmpty)
    if outcome.status == 0 {
      #expect(tree.files.count == 2)
    } else if state.isHeard {
      #expect(!outcome.errorText.isEmpty)
    }
  }

  /// A cgroup as a container sees it, with a fifth of a core.
  @Test(.enabled(if: mayMount, "mounting is not permitted here"))
  func ranksAreAsManyAsTheControlGroupGrants() throws {
    let workspace = try Workspace(images: 1)
    let script = """
      umount -R -l /sys/fs/cgroup; mount -t tmpfs none /sys/fs/cgroup; echo 20000 100000 >/sys/fs/cgroup/cpu.max
      exec "$@"
      """
    let outcome = try Program.run(
      ["augment", "in", "out", "--json"], in: workspace, prefix: Self.namespace + ["sh", "-c", script, "sh"])
    let summary = try Summary(outcome)
    #expect(summary.ranks == 1 && summary.cores == 1)
  }

  @Test func ranksAreAsManyAsTheProcessorsThatAreAllowed() throws {
    let workspace = try Workspace(images: 1)
    let state = try #require(StartState.plain.first { $0.testDescription == "one processor" })
    let outcome = try Program.run(
      ["augment", "in", "out", "--json"], in: workspace, prefix: ["bash", "-c", state.script, "bash"])
    let summary = try Summary(outcome)
    #expect(summary.ranks == 1 && summary.cores == 1)
  }
}
