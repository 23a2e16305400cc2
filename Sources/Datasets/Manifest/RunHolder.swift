internal import Glibc
internal import Platform
internal import SystemPackage

/// The process that works on an output folder.
package struct RunHolder: Codable, Hashable, Sendable {
  package var host: String
  package var pid: Int32
  /// Differs each time the machine starts; empty if the system does not say.
  package var boot: String

  /// This process.
  package static var current: RunHolder {
    RunHolder(
      host: Proc.word("/proc/sys/kernel/hostname") ?? "", pid: getpid(),
      boot: Proc.word("/proc/sys/kernel/random/boot_id") ?? "")
  }

  package init(host: String, pid: Int32, boot: String) { (self.host, self.pid, self.boot) = (host, pid, boot) }

  /// Reads a `text`.
  package init?(text: String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, let pid = Int32(words[1]) else { return nil }
    self.init(host: String(words[0]), pid: pid, boot: String(words[2]))
  }

  package var text: String { "\(host) \(pid) \(boot)" }

  /// Whether this machine has run since without a break, so that what the process wrote has survived it.
  package var isOfThisBoot: Bool {
    let current = Self.current
    return !boot.isEmpty && boot == current.boot && host == current.host
  }

  /// Whether the process is known to have ended.
  package var hasEnded: Bool { isOfThisBoot && kill(pid, 0) < 0 && errno == ESRCH }
}

extension RunHolder: CustomStringConvertible {
  /// "host nas, pid 4711"
  package var description: String { "host \(host.isEmpty ? "unknown" : host), pid \(pid)" }
}
