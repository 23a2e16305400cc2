internal import Glibc
internal import Imaging
internal import Platform
internal import ProcPool

// With the argument "spawn": has workers that are this program started again do a run several times. With "guards": does
// runs whose decoders are in the wrong hands. Without: kills a process of a team in each step of a quantisation and compares
// the result with that of one thread. In a program of its own, because a test process has several threads and must not fork. Exit status 0: all is as it should be. 1: standard error says what
// is not.

func fail(_ text: String) -> Never {
  var line = text + "\n"
  line.withUTF8 { _ = unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
  exit(1)
}

Startup.reexecIfThreadsStarted()
becomeWorkerIfStartedAsOne()
do {
  if Startup.arguments == ["guards"] {
    guard let trial = GuardTrial() else { fail("no folder for the images") }
    if let fault = try trial.run() { fail(fault) }
    exit(0)
  }
  guard Startup.arguments.isEmpty else {
    if let fault = try SpawnTrial().run() { fail(fault) }
    exit(0)
  }
  for dither in QuantizeOptions.Dither.allCases {
    if let difference = try Trial(dither).run() { fail("dither \(dither): \(difference)") }
  }
} catch {
  fail("threw \(error)")
}
