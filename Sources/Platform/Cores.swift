internal import CPlatform
internal import Glibc
internal import SystemPackage

/// How many processors this process may keep busy.
package enum Cores {
  /// The smallest of what is online, what the process may run on, and what its control groups grant it; at least one.
  /// Found out once: a worker that is bound to a processor has inherited the number.
  package static let available = count(
    online: sysconf(Int32(_SC_NPROCESSORS_ONLN)), allowed: Int(cplatform_allowed_processor_count()),
    quota: CPUQuota.cores { Proc.text(FilePath($0)) })

  /// The smallest of these that is known: what the system does not say is 0 or less, or `nil`.
  package static func count(online: Int, allowed: Int, quota: Int?) -> Int {
    [online, allowed, quota ?? 0].filter { $0 > 0 }.min() ?? 1
  }
}
