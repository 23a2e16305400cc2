internal import SystemPackage

/// How many processes wanted to run, on average over the last minute, as the kernel counts them.
package enum LoadAverage {
  /// Of the last minute; `nil` where the kernel does not say.
  package static var lastMinute: Double? { Proc.text("/proc/loadavg").flatMap(lastMinute) }

  /// "0.71 0.93 1.03 2/613 4711"
  package static func lastMinute(in text: String) -> Double? {
    guard let load = text.split(separator: " ").first.flatMap({ Double($0) }), load >= 0, load.isFinite else {
      return nil
    }
    return load
  }
}

extension LoadAverage {
  /// Whether others take so much of the machine that a measurement would not be what it seems: a quarter of the cores, and
  /// more than the half of one that the services of an idle system come to.
  package static func isBusy(_ load: Double, cores: Int) -> Bool { load > max(0.5, 0.25 * Double(cores)) }
}
