import Platform
import SystemPackage
import Testing

/// Running other programs, and the clock.
struct ProgramTests {
  @Test func outputErrorsAndStatusComeBack() throws {
    let shell = try #require(Program.find("sh"))
    let outcome = shell.run(["-c", "cat; echo problem >&2; exit 3"], input: "text")
    #expect(outcome.status == 3 && outcome.text == "text" && outcome.errors == "problem\n")
    #expect(shell.run(["-c", "kill -9 $$"]).status == 128 + 9)
    #expect(shell.run(["-c", "printf '%s' \"$A $LC_ALL\""], environment: ["A=b"]).text == "b C.UTF-8")
  }

  @Test func moreThanAPipeHoldsIsCollected() throws {
    let input = String(repeating: "0123456789", count: 100_000)
    #expect(try #require(Program.find("cat")).run([], input: input).text == input)
  }

  @Test func programThatIsMissingIsNotFoundAndCannotBeRun() {
    #expect(Program.find("no-such-program") == nil)
    let outcome = Program(path: "/no/such/program").run([])
    #expect(outcome.status == 127 && outcome.errors == "No such file or directory")
  }

  @Test func clockGoesOnAndIsSleptTo() {
    let begin = Clock.nanoseconds
    Clock.sleep(untilNanoseconds: begin + 2_000_000)
    #expect(Clock.nanoseconds >= begin + 2_000_000)
    Clock.sleep(untilNanoseconds: 0)
  }
}
