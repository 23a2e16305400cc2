/// When outputs are safe from a power failure. No choice lets a name stand for a part of a file while the power is on.
package enum Durability: String, CaseIterable, Codable, Sendable {
  /// Whenever the system writes them.
  case none
  /// From time to time, and all of them when the run ends.
  case batch
  /// Each before it counts as done.
  case file
}
