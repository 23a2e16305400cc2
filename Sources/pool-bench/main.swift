internal import Glibc
import ProcPool

// Measures one scenario and prints one line of JSON: pool-bench SCENARIO WORKERS TASKS. Several scenarios in one process
// would measure each other's memory.
let arguments = CommandLine.arguments
guard arguments.count == 4, let scenario = scenarios[arguments[1]], let workers = Int(arguments[2]),
  let tasks = Int(arguments[3]), workers >= 1, tasks >= 1
else {
  stop("usage: pool-bench SCENARIO WORKERS TASKS\n" + scenarios.keys.sorted().joined(separator: "\n"), status: 64)
}
do {
  print(try scenario(Load(workers: workers, tasks: tasks)).json)
} catch {
  stop("\(arguments[1]): \(error)", status: 1)
}
