internal import Glibc
internal import Imaging
internal import Platform

// Kills a process of a team in each step of a quantisation and compares the result with that of one thread. In a
// program of its own, because a test process has several threads and must not fork. Exit status 0: all results are the
// same. 1: one is not, and standard error says which.

func fail(_ text: String) -> Never {
  var line = text + "\n"
  line.withUTF8 { _ = unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
  exit(1)
}

Startup.reexecIfThreadsStarted()
do {
  for dither in QuantizeOptions.Dither.allCases {
    if let difference = try Trial(dither).run() { fail("dither \(dither): \(difference)") }
  }
} catch {
  fail("threw \(error)")
}
