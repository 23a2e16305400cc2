internal import Glibc

// Runs one scenario, named for the fact that it shows. Facts that need a fork are shown here, in a process of one
// thread; a test process has several. Exit status 0: the fact holds. 1: it does not, and standard error says what was
// seen.
let arguments = CommandLine.arguments.dropFirst()
guard let name = arguments.first, let scenario = allScenarios[name] else {
  print(allScenarios.keys.sorted().joined(separator: "\n"))
  exit(arguments.isEmpty ? 0 : 64)
}
do {
  try scenario(Array(arguments.dropFirst()))
} catch {
  fail("threw \(error)")
}
