internal import Glibc

/// The size of a scenario.
struct Load {
  var workers: Int
  var tasks: Int
}

/// The result of a scenario: how long all of its tasks took and, where that is the question, the memory of the parent
/// or how the lengths of the tasks differ.
struct Measurement {
  var tasks: Int
  var wallSeconds: Double
  var memory: MemoryGrowth?
  var mixed: MixedTasks?

  var json: String {
    var fields = ["\"tasks\": \(tasks)", "\"wallSeconds\": \(wallSeconds)"]
    if let memory {
      fields.append("\"residentBytesBegin\": \(memory.begin)")
      fields.append("\"residentBytesEnd\": \(memory.end)")
      fields.append("\"residentBytesPeak\": \(memory.peak)")
    }
    if let mixed {
      fields.append("\"taskSeconds\": \(mixed.seconds)")
      fields.append("\"ended\": \(mixed.ended)")
    }
    return "{\(fields.joined(separator: ", "))}"
  }
}

/// Resident memory of this process before and after the tasks, and its peak.
struct MemoryGrowth {
  var begin: Int
  var end: Int
  var peak: Int
}

/// Tasks of mixed lengths: the sum of their lengths, and whether all ended in time.
struct MixedTasks {
  var seconds: Double
  var ended: Bool
}

typealias Scenario = @Sendable (Load) throws -> Measurement

let scenarios: [String: Scenario] = [mapScenarios, latencyScenarios, imageScenarios, mixedScenarios]
  .reduce(into: [:]) { $0.merge($1) { first, _ in first } }

/// Seconds that `body` takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  try ContinuousClock().measure(body) / .seconds(1)
}

/// The value of a field of /proc/self/status, VmRSS or VmHWM, in bytes.
func statusBytes(_ field: String) -> Int {
  let descriptor = unsafe open("/proc/self/status", O_RDONLY)
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 8192)
  let count = unsafe read(descriptor, &bytes, bytes.count)
  let lines = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
  let words = lines.first { $0.hasPrefix(field + ":") }?.split { $0 == " " || $0 == "\t" } ?? []
  guard words.count > 1, let kibibytes = Int(words[1]) else { stop("no \(field) in /proc/self/status", status: 1) }
  return kibibytes * 1024
}

/// A pool that gives a wrong result is not measured.
func check(_ condition: Bool, _ text: @autoclosure () -> String) {
  if !condition { stop(text(), status: 1) }
}

func stop(_ text: String, status: Int32) -> Never {
  var line = text + "\n"
  line.withUTF8 { _ = unsafe write(2, $0.baseAddress, $0.count) }
  exit(status)
}
